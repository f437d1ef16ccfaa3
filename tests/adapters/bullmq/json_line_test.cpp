#include "adapters/bullmq/json_line.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>

using namespace gleaner::bullmq;

namespace json_line {

std::string written(const std::string& text) {
  JsonLine json;
  json.text("key", text);
  return std::move(json).take();
}

} // namespace json_line

BOOST_AUTO_TEST_SUITE(json_line)

BOOST_AUTO_TEST_CASE(members_stand_in_the_order_of_the_calls) {
  BOOST_TEST(JsonLine{}.take() == "{}");
  JsonLine json;
  json.flag("z", true);
  json.text("a", "");
  json.number("m", std::numeric_limits<std::int64_t>::min());
  json.flag("b", false);
  BOOST_TEST(std::move(json).take() == R"({"z":true,"a":"","m":-9223372036854775808,"b":false})");
}

BOOST_AUTO_TEST_CASE(every_text_is_written_as_a_library_writes_it) {
  for (int byte = 1; byte < 0x80; ++byte) {
    const auto text = std::string{"a"} + static_cast<char>(byte) + "b";
    BOOST_TEST(written(text) == nlohmann::json({{"key", text}}).dump());
  }
  BOOST_TEST(written("b\u00FCcher \u2028 \U0001F600") ==
             "{\"key\":\"b\u00FCcher \u2028 \U0001F600\"}");
  BOOST_TEST(written("a\xFFz") == "{\"key\":\"a\uFFFDz\"}");
}

BOOST_AUTO_TEST_SUITE_END()
