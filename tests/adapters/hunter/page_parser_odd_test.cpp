#include "tests/adapters/hunter/page_reading.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

namespace gleaner::test {

namespace page_parser_odd_suite {

std::string million_keys() {
  std::string keys;
  for (int i = 0; i < 1'000'000; ++i)
    keys += "\"" + std::to_string(i) + "\":0,";
  return "{" + keys + R"("data":{"emails":[]},"meta":{"results":0}})";
}

struct Odd {
  const char* name;
  std::string body;
  std::size_t addresses;
  std::string reject; ///< The only thing unreadable or dropped, or "".
};

/// Pages with something odd in them that must not cost the rest.
std::vector<Odd> odd_pages() {
  const std::string good = R"({"value":"b@x.test"})";
  return {
    {"an entry that is null", page_of("null," + good), 1, "record wrong_type"},
    {"an entry that is a string", page_of("\"a@x.test\"," + good), 1, "record wrong_type"},
    {"an entry that is an array", page_of("[[[{}]]]," + good), 1, "record wrong_type"},
    {"an entry that is a number", page_of("1e400," + good), 1, "record wrong_type"},
    {"an empty entry", page_of("{}," + good), 1, "email missing"},
    {"no address", page_of(R"({"first_name":"Ann"},)" + good), 1, "email missing"},
    {"an address that is null", page_of(R"({"value":null},)" + good), 1, "email missing"},
    {"an empty address", page_of(R"({"value":""},)" + good), 1, "email missing"},
    {"an address that is a number", page_of(R"({"value":5},)" + good), 1, "email wrong_type"},
    {"an address that is an object", page_of(R"({"value":{"value":"a@x.test"}},)" + good), 1,
     "email wrong_type"},
    {"a lone surrogate in an address", page_of(R"({"value":"\ud800@x.test"},)" + good), 1,
     "email invalid_utf8"},
    {"a bad escape in an address", page_of(R"({"value":"\x@x.test"},)" + good), 1,
     "email invalid_utf8"},
    {"a lone surrogate in a name",
     page_of(R"({"value":"a@x.test","first_name":"A\ud800"},)" + good), 2,
     "first_name invalid_utf8"},
    {"surrogates the wrong way round",
     page_of(R"({"value":"a@x.test","last_name":"\udc00\ud800"},)" + good), 2,
     "last_name invalid_utf8"},
    {"a name that is a number", page_of(R"({"value":"a@x.test","first_name":12},)" + good), 2,
     "first_name wrong_type"},
    {"a name that is deep",
     page_of(R"({"value":"a@x.test","last_name":)" + std::string(100'000, '[') +
             std::string(100'000, ']') + "}," + good),
     2, "last_name wrong_type"},
    {"a type that is new", page_of(R"({"value":"a@x.test","type":"team"},)" + good), 2, ""},
    {"a confidence of 1e400", page_of(R"({"value":"a@x.test","confidence":1e400},)" + good), 2, ""},
    {"a confidence that is a string", page_of(R"({"confidence":"9","value":"a@x.test"},)" + good),
     2, ""},
    {"a confidence that is null", page_of(R"({"confidence":null,"value":"a@x.test"},)" + good), 2,
     ""},
    {"a negative confidence", page_of(R"({"confidence":-7,"value":"a@x.test"},)" + good), 2, ""},
    {"sources that are null", page_of(R"({"sources":null,"value":"a@x.test"},)" + good), 2, ""},
    {"sources that are an object", page_of(R"({"sources":{"a":1},"value":"a@x.test"},)" + good), 2,
     "sources wrong_type"},
    {"a source that is a number", page_of(R"({"sources":[7],"value":"a@x.test"},)" + good), 2,
     "sources wrong_type"},
    {"a uri that is a number", page_of(R"({"sources":[{"uri":7}],"value":"a@x.test"},)" + good), 2,
     "source_uri wrong_type"},
    {"a verification that is null", page_of(R"({"verification":null,"value":"a@x.test"},)" + good),
     2, ""},
    {"a verification that is a word",
     page_of(R"({"verification":"valid","value":"a@x.test"},)" + good), 2,
     "verification wrong_type"},
    {"a status that is a number",
     page_of(R"({"verification":{"status":1},"value":"a@x.test"},)" + good), 2,
     "verification_status wrong_type"},
    {"an address twice in an entry", page_of(R"({"value":"z@x.test","value":"a@x.test"},)" + good),
     2, ""},
    {"an unknown key that is deep",
     page_of(R"({"value":"a@x.test","x":)" + repeat("{\"a\":", 50'000) + "1" +
             std::string(50'000, '}') + "}," + good),
     2, ""},
    {"flags that are null",
     R"({"data":{"accept_all":null,"webmail":"yes","disposable":1,"emails":[{"value":"a@x.test"},)" +
       good + R"(]},"meta":{"results":2}})",
     2, ""},
    {"an empty list of errors",
     R"({"errors":[],"data":{"emails":[)" + good + R"(]},"meta":{"results":1}})", 1, ""},
    {"errors that are null",
     R"({"errors":null,"data":{"emails":[)" + good + R"(]},"meta":{"results":1}})", 1, ""},
    {"results as a float", page_of(good, R"({"results":1.0})"), 1, ""},
    {"the most results there can be", page_of(good, R"({"results":4294967295})"), 1, ""},
    {"a million keys", million_keys(), 0, ""},
  };
}

} // namespace page_parser_odd_suite

BOOST_AUTO_TEST_SUITE(page_parser_odd_suite)

BOOST_AUTO_TEST_CASE(something_odd_in_a_page_costs_no_more_than_its_record) {
  for (const auto& [name, body, addresses, reject] : odd_pages())
    BOOST_TEST_CONTEXT(name) {
      const auto page = read_page(body);
      BOOST_REQUIRE_MESSAGE(bool(page.header), (page.header ? "" : page.header.error().detail));
      BOOST_TEST(page.addresses.size() == addresses);
      BOOST_TEST(page.header->rows == page.addresses.size() + page.unreadable.size());
      auto rejects = page.unreadable;
      rejects.insert(rejects.end(), page.dropped.begin(), page.dropped.end());
      BOOST_TEST(rejects.size() == (reject.empty() ? 0u : 1u));
      if (!rejects.empty())
        BOOST_TEST(rejects.front() == reject);
    }
}

BOOST_AUTO_TEST_CASE(of_a_key_that_comes_twice_in_an_entry_the_last_counts_as_in_javascript) {
  const auto page = read_page(page_of(R"({"value":"z@x.test","value":"a@x.test"})"));
  BOOST_REQUIRE(page.addresses.size() == 1u);
  BOOST_TEST(page.addresses[0] == "a@x.test");
}

BOOST_AUTO_TEST_CASE(control_characters_and_markup_are_handed_on_for_normalisation_to_judge) {
  const auto page = read_page(page_of(R"({"value":"a\r\nBcc: b@x.test","first_name":"<script>"})"));
  BOOST_REQUIRE(page.addresses.size() == 1u);
  BOOST_TEST(page.addresses[0] == "a\r\nBcc: b@x.test");
  BOOST_TEST(page.first_names[0] == "<script>");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner::test
