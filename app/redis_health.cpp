#include "app/redis_health.hpp"

#include "adapters/budget/redis_budget.hpp"
#include "adapters/bullmq/compatibility.hpp"
#include "adapters/redis/redis_client.hpp"
#include "app/client_redis.hpp"
#include "app/key_health.hpp"
#include "app/redis_info.hpp"

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <utility>

namespace gleaner {

namespace {

using Verdict = HealthCheck::Verdict;

/// How far Redis's clock is from ours, halfway through the round trip.
HealthCheck check_clock(redis::RedisClient& client) {
  const auto now_s = [] {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
      .count();
  };
  const auto before = now_s();
  const auto time = client.call({"TIME"});
  const auto after = now_s();
  if (!time || time->items.size() < 2)
    return {Verdict::warn, "clock", "Redis does not tell its time", {}};
  const auto theirs =
    std::atof(time->items[0].text.c_str()) + std::atof(time->items[1].text.c_str()) / 1e6;
  const auto difference = std::abs(theirs - (before + after) / 2);
  char text[64];
  std::snprintf(text, sizeof text, "%.3f s between Redis and this machine", difference);
  if (difference > 1)
    return {Verdict::warn, "clock", std::string{text} + "; synchronise both (NTP)", {}};
  return {Verdict::ok, "clock", text, {}};
}

void check_drained(redis::RedisClient& client, const Config& config,
                   std::vector<HealthCheck>& found) {
  for (const auto& key : api_keys(config.api)) {
    if (key.secret.empty())
      continue;
    const auto mark = client.call({"HGET", budget::state_key(key.secret), "drained"});
    if (mark && !mark->text.empty())
      found.push_back(
        {Verdict::warn,
         key_check_name("key", key),
         "drained, so jobs with it wait; `gleaner keys resume " + key.name + "` ends that",
         {}});
  }
}

/// Whether it is a queue of BullMQ, and whose.
HealthCheck check_queue_keys(redis::RedisClient& client, const QueueConfig& queue) {
  const bullmq::QueueKeys keys{queue.prefix, queue.name};
  if (const auto fits = bullmq::check_compatibility(client, keys, queue.accept_version); !fits)
    return failed_check("queue", fits.error());
  const auto version = client.call({"HGET", keys.key("meta"), "version"});
  const bool known = version && !version->text.empty();
  return {Verdict::ok,
          "queue",
          queue.name + " can be worked on; " +
            (known ? "last opened by " + version->text : "no producer of Node has opened it yet"),
          {}};
}

HealthCheck judge_version(const std::string& version) {
  if (version.empty())
    return {Verdict::warn, "redis", "Redis does not tell its version; 6.2 or newer is needed", {}};
  const int major = std::atoi(version.c_str());
  const auto dot = version.find('.');
  const int minor = dot == std::string::npos ? 0 : std::atoi(version.c_str() + dot + 1);
  if (major > 6 || (major == 6 && minor >= 2))
    return {Verdict::ok, "redis", "version " + version, {}};
  return {Verdict::fail, "redis", "version " + version + "; 6.2 or newer is needed",
          Errc::redis_refused};
}

HealthCheck judge_policy(const std::string& policy) {
  if (policy.empty())
    return {Verdict::warn,
            "eviction",
            "Redis does not tell its policy; make sure that maxmemory-policy is noeviction",
            {}};
  if (policy == "noeviction")
    return {Verdict::ok, "eviction", policy, {}};
  return {Verdict::fail, "eviction",
          "policy " + policy + " loses jobs; set maxmemory-policy noeviction", Errc::redis_refused};
}

HealthCheck judge_persistence(const std::string& info) {
  if (info_value(info, "aof_last_write_status") == "err")
    return {Verdict::fail, "persistence",
            "Redis can't write its append-only file, and refuses jobs; make room on its disk",
            Errc::redis_refused};
  if (info_value(info, "rdb_last_bgsave_status") == "err")
    return {Verdict::warn,
            "persistence",
            "the last snapshot (RDB) failed, after which Redis refuses jobs by default; see to its "
            "disk and memory",
            {}};
  if (info_value(info, "aof_enabled") == "1")
    return {Verdict::ok, "persistence", "append-only file", {}};
  return {
    Verdict::warn,
    "persistence",
    "no append-only file: a restart of Redis loses jobs since the last snapshot (RDB), or all; "
    "set appendonly yes",
    {}};
}

std::optional<std::uint64_t> number_in(const std::string& info, const char* name) {
  const auto text = info_value(info, name);
  std::uint64_t number = 0;
  const auto end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && rest == end ? std::optional{number} : std::nullopt;
}

std::string in_mebibytes(std::uint64_t bytes) {
  return std::to_string(bytes >> 20) + " MiB";
}

/// Nothing where Redis does not tell how much it has.
std::optional<HealthCheck> judge_memory(const std::string& info) {
  const auto used = number_in(info, "used_memory");
  const auto bound = number_in(info, "maxmemory");
  const auto machine = number_in(info, "total_system_memory");
  const auto most = bound.value_or(0) > 0 ? bound : machine;
  if (!used || most.value_or(0) == 0)
    return std::nullopt;
  const auto text = in_mebibytes(*used) + " of " + in_mebibytes(*most) +
                    (bound.value_or(0) > 0 ? " (maxmemory)" : " (the machine's)") + " used";
  if (*used >= *most)
    return HealthCheck{Verdict::fail, "memory",
                       text + ": Redis refuses jobs; raise maxmemory, or `gleaner queue clean`",
                       Errc::redis_refused};
  if (*used >= *most - *most / 10)
    return HealthCheck{
      Verdict::warn,
      "memory",
      text +
        ": nearly full, when it is Redis refuses jobs; raise maxmemory, or `gleaner queue clean`",
      {}};
  return HealthCheck{Verdict::ok, "memory", text, {}};
}

std::optional<HealthCheck> judge_role(const std::string& info) {
  if (info_value(info, "role") == "slave")
    return HealthCheck{Verdict::fail, "role",
                       "a replica, which takes no jobs; set REDIS_URL to the primary, " +
                         info_value(info, "master_host") + ':' + info_value(info, "master_port"),
                       Errc::redis_refused};
  return std::nullopt;
}

} // namespace

std::vector<HealthCheck> judge_redis(const std::string& info) {
  std::vector<HealthCheck> found;
  found.push_back(judge_version(info_value(info, "redis_version")));
  if (auto role = judge_role(info))
    found.push_back(std::move(*role));
  found.push_back(judge_policy(info_value(info, "maxmemory_policy")));
  found.push_back(judge_persistence(info));
  if (auto memory = judge_memory(info))
    found.push_back(std::move(*memory));
  return found;
}

void check_redis(const Config& config, std::vector<HealthCheck>& found) {
  const HealthCheck none_yet{Verdict::warn,
                             "redis",
                             "no REDIS_URL and no private Redis yet: `gleaner run` will start one",
                             {}};
  const auto where = client_redis(config);
  if (!where) {
    found.push_back(none_yet);
    return;
  }
  redis::RedisClient client{*where, ""};
  const auto info = client.call({"INFO"});
  if (!info) {
    // A private Redis that was killed leaves its socket; the next run replaces it.
    const bool dead = config.redis.url.empty() && info.error().code == Errc::redis_unavailable;
    found.push_back(dead ? none_yet : failed_check("redis", info.error()));
    return;
  }
  // INFO has the policy, so that nobody needs the right to CONFIG, which tells passwords too.
  for (auto& check : judge_redis(info->text))
    found.push_back(std::move(check));
  found.push_back(check_clock(client));
  check_drained(client, config, found);
  found.push_back(check_queue_keys(client, config.queue));
}

} // namespace gleaner
