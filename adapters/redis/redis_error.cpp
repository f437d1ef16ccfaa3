#include "adapters/redis/redis_error.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace gleaner::redis {

namespace {

struct Known {
  std::string_view beginning;
  Errc code;
  const char* remedy;
};

constexpr const char* needs_one_node =
  "; REDIS_URL leads to a Redis Cluster: Gleaner needs a single server, or one node that has all "
  "slots and GLEANER_PREFIX in braces";

// The errors of a login that failed are named by Redis's AUTH, those of replicas and clusters by
// the pages "Replication" and "Redis cluster specification" of its documentation.
constexpr Known known[] = {
  {"NOAUTH", Errc::redis_denied, ""},
  {"WRONGPASS", Errc::redis_denied, ""},
  {"NOPERM", Errc::redis_denied, ""},
  {"ERR invalid password", Errc::redis_denied, ""},
  {"ERR Client sent AUTH", Errc::redis_denied, ""},
  {"ERR AUTH", Errc::redis_denied, ""},
  {"ERR The user executing the script can't run", Errc::redis_denied, ""}, // NOPERM within one
  {"ERR DB index is out of range", Errc::redis_refused,
   "; REDIS_URL names a database that this Redis does not have"},
  {"READONLY", Errc::redis_refused, "; REDIS_URL leads to a replica: name its master"},
  {"MOVED", Errc::redis_refused, needs_one_node},
  {"ASK ", Errc::redis_refused, needs_one_node},
  {"CROSSSLOT", Errc::redis_refused, needs_one_node},
  {"CLUSTERDOWN", Errc::redis_refused, needs_one_node},
};

} // namespace

bool says(std::string_view text, std::string_view word) {
  const auto begins = [word](std::string_view part) {
    return part.starts_with(word) && part.substr(word.size()).starts_with(' ');
  };
  const auto quoted = text.find("-" + std::string{word} + ' ');
  return begins(text) || quoted != std::string_view::npos;
}

bool is_of_cluster(const Error& error) {
  constexpr std::string_view words[] = {"MOVED", "ASK", "CROSSSLOT", "CLUSTERDOWN"};
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return says(error.detail, word); });
}

Error to_error(const std::string& text) {
  for (const auto& each : known)
    if (text.starts_with(each.beginning))
      return {each.code, text + each.remedy};
  return {Errc::redis_refused, text};
}

std::string_view refusal_reason(const Error& error) {
  constexpr std::pair<std::string_view, std::string_view> words[] = {
    {"OOM", "oom"},         {"MISCONF", "misconf"}, {"READONLY", "readonly"},
    {"LOADING", "loading"}, {"BUSY", "busy"},       {"MASTERDOWN", "masterdown"}};
  if (error.code == Errc::redis_denied)
    return "acl";
  for (const auto& [word, reason] : words)
    if (says(error.detail, word))
      return reason;
  return "other";
}

Result<RedisValue> to_result(RedisValue value) {
  if (value.kind == RedisValue::Kind::error)
    return to_error(value.text);
  return value;
}

} // namespace gleaner::redis
