#include "adapters/store/json_writer.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>
#include <string>

namespace gleaner::test {

namespace json_writer_suite {

std::string written(const std::string& text) {
  std::string json = "what was there before";
  store::JsonWriter out{json};
  out.begin_object();
  out.member("key", text);
  out.end_object();
  return json;
}

} // namespace json_writer_suite

BOOST_AUTO_TEST_SUITE(json_writer_suite)

BOOST_AUTO_TEST_CASE(each_character_is_written_right_wherever_it_stands) {
  for (std::size_t size = 1; size < 20; ++size)
    for (std::size_t place = 0; place < size; ++place)
      for (const auto* odd : {"\"", "\\", "\n", "\x1f", "\x01", " ", "!", "#", "[", "]", "\x7f",
                              "\u00e9", "\u20ac", "~"}) {
        auto text = std::string(size, 'a');
        text.replace(place, 1, odd);
        BOOST_TEST(written(text) == nlohmann::json({{"key", text}}).dump(2));
      }
}

BOOST_AUTO_TEST_CASE(a_number_has_the_fewest_digits_that_make_it) {
  const auto check = [](double number) {
    std::string json;
    store::JsonWriter out{json};
    out.begin_array();
    out.number(number);
    out.end_array();
    char digits[400];
    auto* end = std::to_chars(digits, digits + sizeof digits, number, std::chars_format::fixed).ptr;
    const auto expected = "[\n  " + std::string(digits, end) + "\n]";
    BOOST_TEST(json == expected);
  };
  for (int hundredths = 0; hundredths <= 200; ++hundredths) {
    check(hundredths / 100.0);
    check(std::nextafter(hundredths / 100.0, 3));
  }
  check(std::nextafter(1.0, 0));
  check(-0.25);
}

BOOST_AUTO_TEST_CASE(it_nests_as_deep_as_it_says) {
  std::string json;
  store::JsonWriter out{json};
  auto expected = nlohmann::json::array({true, "x"});
  expected[1] = {{"k", "v"}};
  for (int depth = 0; depth < 6; ++depth) {
    out.begin_array();
    expected = nlohmann::json::array({expected});
  }
  out.begin_array();
  out.flag(true);
  out.begin_object();
  out.member("k", "v");
  out.end_object();
  for (int depth = 0; depth < 7; ++depth)
    out.end_array();
  BOOST_TEST(json == expected.dump(2));
}

BOOST_AUTO_TEST_CASE(what_was_longer_before_leaves_nothing) {
  std::string json(1000, 'x');
  store::JsonWriter out{json};
  out.begin_array();
  out.number(std::uint64_t{7});
  out.end_array();
  BOOST_TEST(json == "[\n  7\n]");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner::test
