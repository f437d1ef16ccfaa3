#include "app/commands/man_page.hpp"
#include "app/commands/roff.hpp"
#include "tests/app/commands/small_program.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;

namespace the_manual_page {

Setting box_size() {
  Setting setting;
  setting.path = "box.size";
  setting.description = "How `big` it is";
  setting.accepts = "a whole number";
  setting.flag = "--box-size";
  setting.variables = {"BOX_SIZE", "GLEANER_BOX__SIZE"};
  setting.show = [](const Config&) { return std::string{"7"}; };
  return setting;
}

struct Fixture {
  std::string page_with(const Setting& setting) const {
    return man_page(describe_command(small.app), {&setting, 1}, "1.2.3");
  }
  static bool has(const std::string& page, const std::string& text) {
    const bool found = page.find(text) != std::string::npos;
    if (!found)
      BOOST_TEST_MESSAGE(page);
    return found;
  }
  SmallProgram small;
  std::string page = page_with(box_size());
};

} // namespace the_manual_page

BOOST_FIXTURE_TEST_SUITE(the_manual_page, Fixture)

BOOST_AUTO_TEST_CASE(text_cannot_become_a_request_or_another_character) {
  BOOST_TEST(roff::plain(".so /etc/passwd") == R"(\&.so /etc/passwd)");
  BOOST_TEST(roff::plain(R"('a-b' \ "c" `d` ~^)") ==
             R"(\(aqa\-b\(aq \(rs \(dqc\(dq \(gad\(ga \(ti\(ha)");
  BOOST_TEST(roff::prose("see `a b`, or c") == R"(see \fBa b\fR, or c)");
}

BOOST_AUTO_TEST_CASE(it_begins_with_name_and_summary) {
  BOOST_TEST(has(page, ".TH GLEANER 1 \"\" \"gleaner 1.2.3\""));
  BOOST_TEST(has(page, ".SH NAME\ngleaner \\- keeps things in boxes\n"));
  BOOST_TEST(has(page, ".PP\nThe end of it.\n"));
}

BOOST_AUTO_TEST_CASE(commands_have_options_and_examples) {
  BOOST_TEST(has(page, ".SS gleaner box put\n\\fBgleaner box put\\fR [\\fIOPTION\\fR]... "
                       "\\fIkind\\fR [\\fInames\\fR...]\n"));
  BOOST_TEST(has(page, "\\fIkind\\fR\nWhich kind (one of a, b)\n"));
  BOOST_TEST(has(page, ".TP\n\\fB\\-\\-limit\\fR \\fIINT\\fR\n"
                       "Most shown (from 1 to 9; 3 when not given)\n"));
  BOOST_TEST(has(page, ".TP\n\\fB\\-y\\fR, \\fB\\-\\-yes\\fR\nDon\\(aqt ask\n"));
  BOOST_TEST(has(page, ".nf\ngleaner box ls\ngleaner box ls \\-\\-state old\n.fi\n"));
}

BOOST_AUTO_TEST_CASE(options_of_the_settings_stand_with_the_settings) {
  BOOST_TEST(has(page, "\\fB\\-\\-config\\fR"));
  BOOST_TEST(page.find("\\-\\-home") == std::string::npos);
  BOOST_TEST(has(page,
                 ".TP\n\\fBbox.size\\fR\nHow \\fBbig\\fR it is\n.br\n\\fB\\-\\-box\\-size\\fR, "
                 "\\fBBOX_SIZE\\fR, \\fBGLEANER_BOX__SIZE\\fR\n.br\n"
                 "Accepts a whole number; \\fB7\\fR by default.\n"));
}

BOOST_AUTO_TEST_CASE(variables_of_secrets_have_their_twins) {
  BOOST_TEST(page.find("BOX_SIZE_FILE") == std::string::npos);
  auto secret = box_size();
  secret.secret = true;
  secret.flag.clear();
  BOOST_TEST(has(page_with(secret), "\\fBBOX_SIZE_FILE\\fR, \\fBGLEANER_BOX__SIZE_FILE\\fR\n"));
}

BOOST_AUTO_TEST_SUITE_END()
