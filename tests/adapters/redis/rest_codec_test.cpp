#include "adapters/redis/rest_codec.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace gleaner;
using namespace gleaner::redis;

namespace rest_codec {

using Strings = std::vector<std::string>;

RedisValue only_answer(std::string_view result) {
  const auto values = read_rest_answers("[{\"result\":" + std::string{result} + "}]", 1);
  BOOST_REQUIRE(bool(values));
  return values->at(0);
}

} // namespace rest_codec

BOOST_AUTO_TEST_SUITE(rest_codec)

BOOST_AUTO_TEST_CASE(commands_are_arrays_of_strings) {
  std::string body;
  BOOST_REQUIRE(bool(append_rest_command(body, Strings{"SET", "k", "a\"b\n\xC3\xA9"})));
  BOOST_REQUIRE(bool(append_rest_command(body, Strings{"GET", "k"})));
  BOOST_TEST(body == "[[\"SET\",\"k\",\"a\\\"b\\n\xC3\xA9\"],[\"GET\",\"k\"]");
}

BOOST_AUTO_TEST_CASE(what_json_cannot_carry_is_refused_and_leaves_nothing) {
  std::string body;
  const auto added = append_rest_command(body, Strings{"SET", "k", "\xFF"});
  BOOST_TEST((!added && added.error().code == Errc::usage));
  BOOST_TEST(body.empty());
}

BOOST_AUTO_TEST_CASE(values_come_as_redis_gave_them) {
  BOOST_TEST(only_answer("null").is_nil());
  BOOST_TEST(only_answer("-7").integer == -7);
  BOOST_TEST(only_answer("\"OK\"").text == "OK");
  BOOST_TEST(only_answer("\"YmFy\"").text == "bar");
  BOOST_TEST(only_answer("\"YQBi\"").text == (std::string{"a\0b", 3}));
  BOOST_TEST(only_answer("\"YQ==\"").text == "a");
  BOOST_TEST(only_answer("\"YWI=\"").text == "ab");
  BOOST_TEST(only_answer("\"\"").text == "");
  BOOST_TEST(only_answer("\"not!\"").text == "not!"); // a server that does not encode
  const auto nested = only_answer("[[\"YQ==\",[1,null]],\"Yg==\"]");
  BOOST_TEST(nested.items.at(0).items.at(0).text == "a");
  BOOST_TEST(nested.items.at(0).items.at(1).items.at(0).integer == 1);
  BOOST_TEST(nested.items.at(0).items.at(1).items.at(1).is_nil());
  BOOST_TEST(nested.items.at(1).text == "b");
}

BOOST_AUTO_TEST_CASE(an_error_is_one_commands_own) {
  const auto values =
    read_rest_answers(R"([{"error":"ERR value is not an integer"},{"result":1}])", 2);
  BOOST_REQUIRE(bool(values));
  BOOST_TEST((values->at(0).kind == RedisValue::Kind::error));
  BOOST_TEST(values->at(0).text == "ERR value is not an integer");
  BOOST_TEST(values->at(1).integer == 1);
}

BOOST_AUTO_TEST_CASE(anything_else_is_not_the_rest_protocol) {
  const auto deep = std::string(100000, '[') + std::string(100000, ']');
  for (const auto& body :
       {std::string{}, std::string{"<html>"}, std::string{"{}"}, std::string{"[]"},
        std::string{"[1]"}, std::string{"[{}]"}, std::string{R"([{"result":1},{"result":2}])"},
        std::string{R"([{"result":1})"}, "[{\"result\":" + deep}) {
    const auto values = read_rest_answers(body, 1);
    BOOST_TEST((!values && values.error().code == Errc::redis_refused), body.substr(0, 40));
  }
}

BOOST_AUTO_TEST_CASE(a_refused_request_says_why) {
  BOOST_TEST(rest_error_text(R"({"error":"WRONGPASS invalid token"})") ==
             "WRONGPASS invalid token");
  BOOST_TEST(rest_error_text("<html>") == "");
  BOOST_TEST(rest_error_text(R"({"error":1})") == "");
}

BOOST_AUTO_TEST_SUITE_END()
