#include "app/domain_lines.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <string>
#include <vector>

using namespace gleaner;

namespace domain_lines {

struct Fixture {
  std::vector<std::string> taken;
  DomainLines lines{[this](std::string domain) { taken.push_back(std::move(domain)); }};
  void read(const std::string& text) {
    std::istringstream stream{text};
    lines.add_all(stream);
  }
};

} // namespace domain_lines

BOOST_FIXTURE_TEST_SUITE(domain_lines, Fixture)

BOOST_AUTO_TEST_CASE(domains_are_cleaned_and_taken_once) {
  read("https://www.acme.test/about\nann@other.test\r\nACME.test\n\n  # a comment\nthird.test");
  BOOST_TEST(taken == (std::vector<std::string>{"acme.test", "other.test", "third.test"}),
             boost::test_tools::per_element());
  BOOST_TEST(lines.duplicates() == 1u);
  BOOST_TEST(lines.rejected() == 0u);
}

BOOST_AUTO_TEST_CASE(garbage_is_reported_with_its_line_and_the_rest_is_taken) {
  std::string text;
  for (int line = 1; line <= 1000; ++line)
    text += line % 10 == 0 ? "not a domain!\n" : "d" + std::to_string(line) + ".test\n";
  read(text);
  BOOST_TEST(taken.size() == 900u);
  BOOST_TEST(lines.rejected() == 100u);
  BOOST_REQUIRE(lines.rejects().size() == 20u);
  BOOST_TEST(lines.rejects()[0].line == 10u);
  BOOST_TEST(lines.rejects()[19].line == 200u);
}

BOOST_AUTO_TEST_CASE(an_overlong_line_is_one_reject_and_the_next_is_read) {
  read(std::string(100000, 'a') + "\nacme.test\n");
  BOOST_TEST(lines.rejected() == 1u);
  BOOST_TEST(taken == std::vector<std::string>{"acme.test"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(lines_before_the_first_wanted_are_passed_over) {
  lines.skip_to(3);
  read("a.test\n\xff\nc.test\nno domain\n");
  BOOST_TEST(taken == std::vector<std::string>{"c.test"}, boost::test_tools::per_element());
  BOOST_REQUIRE(lines.rejects().size() == 1u);
  BOOST_TEST(lines.rejects()[0].line == 4u);
}

BOOST_AUTO_TEST_CASE(nothing_is_read_after_a_stop) {
  DomainLines first{[&](std::string domain) {
    taken.push_back(std::move(domain));
    first.stop();
  }};
  std::istringstream stream{"a.test\nb.test\n"};
  first.add_all(stream);
  BOOST_TEST(first.accepted() == 1u);
  BOOST_TEST(first.lines() == 1u);
}

BOOST_AUTO_TEST_CASE(an_empty_stream_has_nothing) {
  read("");
  BOOST_TEST(lines.accepted() == 0u);
  BOOST_TEST(lines.rejected() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
