#include "adapters/redis/rest_codec.hpp"

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <utility>

namespace gleaner::redis {

namespace {

using nlohmann::json;

/// A status such as OK comes as it is, which is no base64, and so do the strings of servers that
/// don't know the encoding.
std::string decoded(const std::string& text) {
  if (text.size() % 4 != 0)
    return text;
  std::string bytes(text.size() / 4 * 3, '\0');
  if (EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size())) < 0)
    return text;
  const auto padding =
    std::min<std::size_t>(2, static_cast<std::size_t>(std::count(
                               text.end() - std::min<long>(2, std::ssize(text)), text.end(), '=')));
  bytes.resize(bytes.size() - padding);
  return bytes;
}

// NOLINTNEXTLINE(misc-no-recursion): the parser bounds the depth.
RedisValue to_value(const json& result) {
  RedisValue value;
  if (result.is_number_integer()) {
    value.kind = RedisValue::Kind::integer;
    value.integer = result.get<std::int64_t>();
  } else if (result.is_string()) {
    value.kind = RedisValue::Kind::text;
    value.text = decoded(result.get_ref<const std::string&>());
  } else if (result.is_array()) {
    value.kind = RedisValue::Kind::array;
    for (const auto& item : result)
      value.items.push_back(to_value(item));
  } else if (!result.is_null()) {
    value.kind = RedisValue::Kind::text;
    value.text = result.dump();
  }
  return value;
}

/// Parses what a server sent; discarded when it is no JSON or nested absurdly deep.
json parsed(std::string_view body) {
  constexpr int deepest = 64;
  const auto bounded = [](int depth, json::parse_event_t, const json&) { return depth < deepest; };
  return json::parse(body, bounded, false);
}

} // namespace

Status append_rest_command(std::string& body, std::span<const std::string> args) {
  try {
    auto command = json(std::vector<std::string>(args.begin(), args.end())).dump();
    body += body.empty() ? '[' : ',';
    body += command;
    return Done{};
  } catch (const json::type_error&) {
    return Error{Errc::usage, "a value for Redis is not UTF-8, which its REST form can't carry"};
  }
}

Result<std::vector<RedisValue>> read_rest_answers(std::string_view body, std::size_t count) {
  const Error not_rest{Errc::redis_refused, "does not answer as Upstash's REST API does"};
  const auto answers = parsed(body);
  if (!answers.is_array() || answers.size() != count)
    return not_rest;
  std::vector<RedisValue> values;
  for (const auto& answer : answers) {
    if (!answer.is_object())
      return not_rest;
    if (const auto error = answer.find("error"); error != answer.end() && error->is_string()) {
      RedisValue value;
      value.kind = RedisValue::Kind::error;
      value.text = error->get<std::string>();
      values.push_back(std::move(value));
    } else if (const auto result = answer.find("result"); result != answer.end()) {
      values.push_back(to_value(*result));
    } else {
      return not_rest;
    }
  }
  return values;
}

std::string rest_error_text(std::string_view body) {
  const auto answer = parsed(body);
  if (!answer.is_object())
    return {};
  const auto error = answer.find("error");
  return error != answer.end() && error->is_string() ? error->get<std::string>() : std::string{};
}

} // namespace gleaner::redis
