#include "tests/core/normalizing.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>
#include <vector>

namespace gleaner::test {

namespace normalize_address_suite {

const std::string long_local(65, 'a');

const std::vector<std::pair<std::string, std::string>> bad_addresses{
  {"", "missing"},
  {"  ", "missing"},
  {"\u00A0", "missing"},
  {"ann", "malformed"},
  {"@example.test", "malformed"},
  {"ann@", "malformed"},
  {"ann@example", "malformed"},
  {"ann@@example.test", "malformed"},
  {"ann@b@example.test", "malformed"},
  {"ann b@example.test", "malformed"},
  {"ann@exam ple.test", "malformed"},
  {"ann\u00A0b@example.test", "malformed"},
  {"Ann <ann@example.test>", "malformed"},
  {"<script>@example.test", "malformed"},
  {"\"ann\"@example.test", "malformed"},
  {"ann,bob@example.test", "malformed"},
  {"ann(x)@example.test", "malformed"},
  {"a**@example.test", "malformed"},
  {".ann@example.test", "malformed"},
  {"ann.@example.test", "malformed"},
  {"a..b@example.test", "malformed"},
  {"../../etc@example.test", "malformed"},
  {"ann@.test", "malformed"},
  {"ann@example.", "malformed"},
  {"ann@example..test", "malformed"},
  {"ann@-example.test", "malformed"},
  {"ann@example-.test", "malformed"},
  {"ann@exam_ple.test", "malformed"},
  {"ann@[127.0.0.1]", "malformed"},
  {"ann@../../etc/passwd", "malformed"},
  {long_local + "@example.test", "malformed"},
  {"ann@" + std::string(64, 'a') + ".test", "malformed"},
  {"ann@example.test\r\nBcc: x@y.test", "control_characters"},
  {"ann@example.test\n", "control_characters"},
  {std::string{"ann\0@example.test", 17}, "control_characters"},
  {"ann\x7F@example.test", "control_characters"},
  {"\x1B[31mann@example.test", "control_characters"},
  {"ann\u202E@example.test", "control_characters"},
  {"ann\u2028@example.test", "control_characters"},
  {"ann\xFF@example.test", "invalid_utf8"},
  {"ann\xED\xA0\x80@example.test", "invalid_utf8"},
  {std::string(300, 'a') + "@example.test", "too_long"},
  {std::string(1'000'000, '@'), "too_long"},
};

const std::vector<std::pair<std::string, std::string>> good_addresses{
  {"ann@example.test", "ann@example.test"},
  {"ANN.Lind@Example.TEST", "ann.lind@example.test"},
  {"  ann@example.test ", "ann@example.test"},
  {"o'brien+news@mail.example.test", "o'brien+news@mail.example.test"},
  {"a_b-c/d=e@x.y", "a_b-c/d=e@x.y"},
  {"\u00C4nne@b\u00DCcher.test", "\u00E4nne@b\u00FCcher.test"},
  {"x@1.test", "x@1.test"},
};

} // namespace normalize_address_suite

BOOST_AUTO_TEST_SUITE(normalize_address_suite)

BOOST_AUTO_TEST_CASE(an_unusable_address_refuses_the_record_with_its_reason) {
  for (const auto& [address, reason] : bad_addresses) {
    auto raw = raw_with(address);
    raw.first_name = "Ann";
    BOOST_TEST_CONTEXT(address.substr(0, 60)) {
      BOOST_TEST(!run(raw).contact);
      BOOST_TEST(refusal(raw) == "email " + reason);
    }
  }
}

BOOST_AUTO_TEST_CASE(addresses_are_trimmed_and_lower_case) {
  for (const auto& [address, stored] : good_addresses)
    BOOST_TEST_CONTEXT(address) {
      const auto result = run(raw_with(address));
      BOOST_REQUIRE(result.contact);
      BOOST_TEST(result.contact->email == stored);
      BOOST_TEST(result.rejects.empty());
    }
}

BOOST_AUTO_TEST_CASE(an_address_may_have_254_bytes) {
  const std::string label(63, 'a');
  const auto most = std::string(64, 'x') + '@' + label + '.' + label + '.' + std::string(61, 'b');
  BOOST_TEST(most.size() == 254u);
  BOOST_TEST(bool(run(raw_with(most)).contact));
  BOOST_TEST(refusal(raw_with(most + 'b')) == "email too_long");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner::test
