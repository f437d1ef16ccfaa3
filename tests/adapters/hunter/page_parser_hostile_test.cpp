#include "tests/adapters/hunter/page_reading.hpp"
#include "tests/support/print_error.hpp"

#include <boost/test/unit_test.hpp>
#include <malloc.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

namespace gleaner::test {

namespace page_parser_hostile_suite {

std::string with_meta(const std::string& meta) {
  return page_of("", meta);
}

struct Hostile {
  const char* name;
  std::string body;
  std::string problem; ///< Part of the error text.
};

/// Bodies that are no page.
std::vector<Hostile> broken_bodies() {
  const std::string nul(1, '\0');
  return {
    {"nothing", "", "not JSON"},
    {"spaces", "   \n ", "not JSON"},
    {"HTML", "<html><title>502 Bad Gateway</title></html>", "no JSON object"},
    {"a word", "busy", "not"},
    {"null", "null", "no JSON object"},
    {"a number", "42", "no JSON object"},
    {"a string", "\"page\"", "no JSON object"},
    {"an array", "[]", "no JSON object"},
    {"an open brace", "{", "not JSON"},
    {"an empty object", "{}", "data.emails is missing"},
    {"200 KB of [", std::string(200'000, '['), "no"},
    {"200 KB of {", std::string(200'000, '{'), "not JSON"},
    {"deep objects", repeat("{\"a\":", 100'000) + "1" + std::string(100'000, '}'),
     "data.emails is missing"},
    {"deep arrays cut", "{\"data\":" + std::string(200'000, '['), "no"},
    {"NUL bytes", nul + nul + nul, "no"},
    {"a NUL in a string", page_of("{\"value\":\"a" + nul + "@x.test\"}"), "not JSON"},
    {"a line break in a string", page_of("{\"value\":\"a\n@x.test\"}"), "not JSON"},
    {"no UTF-8", page_of("{\"value\":\"a\xFF@x.test\"}"), "not JSON"},
    {"an overlong UTF-8 sequence", page_of("{\"value\":\"\xC0\xAE@x.test\"}"), "not JSON"},
    {"a surrogate in UTF-8", page_of("{\"value\":\"\xED\xA0\x80@x.test\"}"), "not JSON"},
    {"UTF-16", std::string("\xFF\xFE{\0}\0", 6), "not JSON"},
    {"a comment", R"({"data":{"emails":[]}/*x*/,"meta":{"results":0}})", "not JSON"},
    {"single quotes", "{'data':{'emails':[]},'meta':{'results':0}}", "not JSON"},
    {"a comma too many", R"({"data":{"emails":[]},"meta":{"results":0},})", "not JSON"},
    {"no comma", R"({"data":{"emails":[]} "meta":{"results":0}})", "not JSON"},
    {"no colon", R"({"data"{"emails":[]},"meta":{"results":0}})", "not JSON"},
    {"a missing element", page_of(R"({"value":"a@x.test"},,{"value":"b@x.test"})"), "not JSON"},
    {"something behind the end", page_of("") + "x", "not JSON"},
    {"two pages", page_of("") + page_of(""), "not JSON"},
    {"a page cut in an entry", R"({"data":{"emails":[{"value":"a@x.t)", "not JSON"},
    {"a page cut between entries", R"({"data":{"emails":[{"value":"a@x.test"},)", "not JSON"},
    {"a page cut before meta", R"({"data":{"emails":[{"value":"a@x.test"}]})", "not JSON"},
    {"an entry closed by ]", R"({"data":{"emails":[{"value":"a@x.test"]]},"meta":{"results":1}})",
     "not JSON"},
    {"an unknown word", page_of(R"({"value":nope})"), "not JSON"},
    {"data is null", R"({"data":null,"meta":{"results":0}})", "data is no object"},
    {"data is an array", R"({"data":[],"meta":{"results":0}})", "data is no object"},
    {"data is a string", R"({"data":"x","meta":{"results":0}})", "data is no object"},
    {"data twice", R"({"data":{"emails":[]},"data":{"emails":[]},"meta":{"results":0}})",
     "data is there twice"},
    {"emails is missing", R"({"data":{"domain":"x.test"},"meta":{"results":0}})",
     "data.emails is missing"},
    {"emails is null", R"({"data":{"emails":null},"meta":{"results":0}})", "emails is no array"},
    {"emails is an object",
     R"({"data":{"emails":{"0":{"value":"a@x.test"}}},"meta":{"results":1}})",
     "emails is no array"},
    {"emails is a number", R"({"data":{"emails":5},"meta":{"results":5}})", "emails is no array"},
    {"emails is a string", R"({"data":{"emails":"a@x.test"},"meta":{"results":1}})",
     "emails is no array"},
    {"emails twice", R"({"data":{"emails":[],"emails":[]},"meta":{"results":0}})",
     "emails is there twice"},
    {"more entries than a page has", page_of("1" + repeat(",1", 10'000)), "more than 10000"},
    {"no meta", R"({"data":{"emails":[]}})", "meta.results is missing"},
    {"meta is null", with_meta("null"), "meta is no object"},
    {"meta is an array", with_meta("[35]"), "meta is no object"},
    {"meta is a number", with_meta("35"), "meta is no object"},
    {"meta twice", R"({"meta":{"results":1},"data":{"emails":[]},"meta":{"results":2}})",
     "meta is there twice"},
    {"no results", with_meta(R"({"limit":10})"), "meta.results is missing"},
    {"results are null", with_meta(R"({"results":null})"), "meta.results is no number"},
    {"results are a string", with_meta(R"({"results":"35"})"), "meta.results is no number"},
    {"results are true", with_meta(R"({"results":true})"), "meta.results is no number"},
    {"results are an array", with_meta(R"({"results":[35]})"), "meta.results is no number"},
    {"results are an object", with_meta(R"({"results":{}})"), "meta.results is no number"},
    {"results are negative", with_meta(R"({"results":-1})"), "meta.results is no number"},
    {"results are a fraction", with_meta(R"({"results":1.5})"), "meta.results is no number"},
    {"results are huge", with_meta(R"({"results":99999999999999999999})"), "meta.results is no"},
    {"results exceed 32 bits", with_meta(R"({"results":4294967296})"), "meta.results is no"},
    {"results are 1e400", with_meta(R"({"results":1e400})"), "meta.results is no number"},
    {"results are -1e400", with_meta(R"({"results":-1e400})"), "meta.results is no number"},
    {"results are NaN", with_meta(R"({"results":NaN})"), "meta.results is no number"},
    {"results with a leading zero", with_meta(R"({"results":035})"), "meta.results is no number"},
    {"results twice", with_meta(R"({"results":1,"results":2})"), "results is there twice"},
    {"an error envelope", R"({"errors":[{"id":"too_many_requests","code":429,"details":"slow"}]})",
     "error \"too_many_requests\""},
    {"an error without an id", R"({"errors":[{}]})", "error \"unknown\""},
    {"an error that is a number", R"({"errors":[5]})", "error \"unknown\""},
    {"errors beside data", R"({"data":{"emails":[]},"errors":[{"id":"x"}],"meta":{"results":0}})",
     "error \"x\""},
  };
}

constexpr bool memory_is_ours =
#if defined(__SANITIZE_ADDRESS__)
  false; // the sanitizer keeps what was freed
#else
  true;
#endif

/// A figure of /proc/self/status, in bytes.
std::size_t status_bytes(const std::string& name) {
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(name + ':'))
      return std::stoul(line.substr(name.size() + 1)) * 1024;
  return 0;
}

/// Reads a body and keeps nothing of it.
void only_parse(hunter::PageParser& parser, const SharedBody& body) {
  (void)parser.parse(
    body, [](const RawContact&) {}, [](const ContactReject&) {});
}

/// How far memory rises while `work` is done.
template <class Work>
std::size_t rise_during(Work work) {
  malloc_trim(0);
  std::ofstream{"/proc/self/clear_refs"} << "5"; // the peak begins anew
  const auto before = status_bytes("VmRSS");
  work();
  return status_bytes("VmHWM") - before;
}

} // namespace page_parser_hostile_suite

BOOST_AUTO_TEST_SUITE(page_parser_hostile_suite)

BOOST_AUTO_TEST_CASE(no_body_takes_long_nor_much_memory) {
  hunter::PageParser parser; // its buffers grow to the largest body and stay
  for (const auto& [name, body, problem] : broken_bodies()) {
    const SharedBody shared{std::string{body}};
    const auto began = std::clock();
    const auto rise = rise_during([&] { only_parse(parser, shared); });
    const auto ms = 1000.0 * static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
    BOOST_TEST_CONTEXT(name) {
      BOOST_TEST(ms <= (memory_is_ours ? 50.0 : 500.0)); // a sanitizer takes its time
      if (memory_is_ours)
        BOOST_TEST(rise <=
                   4 * body.size() + (256u << 10)); // and what a page of memory is rounded to
    }
  }
}

BOOST_AUTO_TEST_CASE(eight_megabytes_take_four_times_their_memory_at_most,
                     *boost::unit_test::enable_if<memory_is_ours>()) {
  constexpr std::size_t size = 8u << 20;
  for (const std::string unit :
       {"[", "{\"a\":", "\"", "{},", "{\"value\":\"a@x.test\"},", "null,"}) {
    hunter::PageParser parser;
    const SharedBody shared{"{\"data\":{\"emails\":[" + repeat(unit, size / unit.size())};
    const auto rise = rise_during([&] { only_parse(parser, shared); });
    BOOST_TEST(rise <= 4 * size + (256u << 10), unit << " takes " << rise);
  }
}

BOOST_AUTO_TEST_CASE(a_body_that_is_no_page_is_refused_with_the_reason) {
  const auto bodies = broken_bodies();
  BOOST_TEST(bodies.size() >= 60u);
  for (const auto& [name, body, problem] : bodies)
    BOOST_TEST_CONTEXT(name) {
      const auto page = read_page(body);
      BOOST_REQUIRE(!page.header);
      const auto& error = page.header.error();
      BOOST_TEST(error.code == Errc::body_malformed);
      BOOST_TEST(error.detail.find(problem) != std::string::npos, error.detail);
      BOOST_TEST(error.detail.size() < 300u);
    }
}

BOOST_AUTO_TEST_CASE(eight_megabytes_of_anything_take_less_than_a_second) {
  constexpr std::size_t size = 8u << 20;
  for (const auto& unit :
       {std::string{"["}, std::string{"{\"a\":"}, std::string{"\\"}, std::string{"\""},
        std::string{"{},"}, std::string{"\xF0\x9F\x98\x80"}}) {
    for (const auto* begin : {"", "{\"data\":{\"emails\":[", "{\"x\":"}) {
      const auto body = begin + repeat(unit, size / unit.size());
      const auto before = std::chrono::steady_clock::now();
      BOOST_TEST(!read_page(body).header);
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
      BOOST_TEST(took.count() < 1.0);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner::test
