#include "app/collection_export.hpp"
#include "tests/support/contact_copy.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <sstream>

using namespace gleaner;

namespace collection_export {

Collection sample() {
  Contact contact;
  contact.email = "ann@acme.test";
  contact.confidence = 0.94;
  contact.first_name = "Ann";
  contact.last_name = "O\"Neil, Jr";
  contact.phone_number = "+49 1";
  contact.sources = {{"acme.test", "http://acme.test/b", "2025-03-01", "2025-06-01", true},
                     {"acme.test", "http://acme.test/a", "2024-01-01", "2026-01-01", false}};
  Collection collection;
  collection.domain = "acme.test";
  collection.items = test::list_of({contact});
  collection.metadata.job_id = "7";
  return collection;
}

} // namespace collection_export

BOOST_AUTO_TEST_SUITE(collection_export)

BOOST_AUTO_TEST_CASE(cells_are_quoted_only_when_they_must_be) {
  BOOST_TEST(csv_cell("plain", true) == "plain");
  BOOST_TEST(csv_cell("a,b", true) == "\"a,b\"");
  BOOST_TEST(csv_cell("say \"hi\"", true) == "\"say \"\"hi\"\"\"");
  BOOST_TEST(csv_cell("two\nlines", true) == "\"two\nlines\"");
  BOOST_TEST(csv_cell("", true) == "");
}

BOOST_AUTO_TEST_CASE(cells_that_look_like_formulas_get_an_apostrophe) {
  for (const std::string start : {"=", "+", "-", "@", "\t"})
    BOOST_TEST(csv_cell(start + "1+1", true) == "'" + start + "1+1");
  BOOST_TEST(csv_cell("\r=1", true) == "\"'\r=1\"");
  BOOST_TEST(csv_cell("=HYPERLINK(\"x\")", true) == "\"'=HYPERLINK(\"\"x\"\")\"");
  BOOST_TEST(csv_cell("=1", false) == "=1");
}

BOOST_AUTO_TEST_CASE(a_csv_line_fills_every_column) {
  std::ostringstream out;
  write_csv(out, sample(), true);
  BOOST_TEST(out.str() == "acme.test,ann@acme.test,,0.94,Ann,\"O\"\"Neil, Jr\",,,,,,'+49 1,,,"
                          "2024-01-01,2026-01-01,2,7\r\n");
  BOOST_TEST(csv_header().starts_with("domain,email,type,confidence,first_name,"));
  BOOST_TEST(csv_header().ends_with(",job_id\r\n"));
}

BOOST_AUTO_TEST_CASE(a_missing_first_cell_keeps_its_column) {
  auto collection = sample();
  collection.domain = "";
  std::ostringstream out;
  write_csv(out, collection, true);
  BOOST_TEST(out.str().starts_with(",ann@acme.test,"));
}

BOOST_AUTO_TEST_CASE(an_ndjson_line_is_one_object_per_contact) {
  std::ostringstream out;
  write_ndjson(out, sample());
  const auto parsed = nlohmann::json::parse(out.str());
  BOOST_TEST(parsed["schema"] == "gleaner.contact/1");
  BOOST_TEST(parsed["email"] == "ann@acme.test");
  BOOST_TEST(parsed["sources_count"] == 2);
  BOOST_TEST(out.str().find('\n') == out.str().size() - 1);
}

BOOST_AUTO_TEST_SUITE_END()
