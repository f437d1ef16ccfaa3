#include "app/health_checks.hpp"

#include "adapters/budget/redis_budget.hpp"
#include "adapters/bullmq/compatibility.hpp"
#include "adapters/hunter/hunter_client.hpp"
#include "adapters/redis/redis_client.hpp"
#include "adapters/store/file_store.hpp"
#include "app/client_redis.hpp"
#include "app/cluster_health.hpp"
#include "app/redis_info.hpp"
#include "app/setting_table.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>

namespace gleaner {

namespace {

using Verdict = HealthCheck::Verdict;

HealthCheck failed(const char* name, const Error& error) {
  return {Verdict::fail, name, describe(error), error.code};
}

std::string plan_text(const ApiAccount& account) {
  std::string text = account.plan_name.empty() ? "unnamed plan" : account.plan_name;
  if (account.credits_remaining) {
    std::array<char, 512> digits; // room for any double without exponent
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(),
                                   *account.credits_remaining, std::chars_format::fixed);
    text += ", " + std::string{digits.data(), end.ptr} + " credits left";
  }
  return account.reset_date.empty() ? text : text + ", reset " + account.reset_date;
}

std::string remedy_for(Errc code, const ApiKey& key) {
  const auto place = key.secret_file.empty() ? "set " + key_variable(key.name) + " to "
                                             : "write into " + key.secret_file + ' ';
  switch (code) {
  case Errc::key_rejected:
    return "; " + place + "a valid key of the account";
  case Errc::account_restricted:
    return "; give the account a plan at the provider, or " + place + "a key of another one";
  case Errc::body_malformed:
  case Errc::redirect_refused:
    return "; this is no answer of the API: set HUNTER_API_URL to its base";
  case Errc::api_unavailable:
  case Errc::tls_failed:
  case Errc::address_refused:
  case Errc::body_too_slow:
  case Errc::timed_out:
    return "; check the network, and HUNTER_API_URL if it is set";
  default:
    return "";
  }
}

const char* warning_of(const ApiAccount& account) {
  switch (account.standing) {
  case AccountStanding::incomplete:
    return "; its registration is not complete";
  case AccountStanding::frozen:
    return "; it is frozen";
  case AccountStanding::soft_frozen:
    return "; it is partly frozen";
  case AccountStanding::ordinary:
    break;
  }
  return "";
}

/// "key", or "key team-a".
std::string check_name(const std::string& what, const ApiKey& key) {
  return key.name == "default" ? what : what + ' ' + key.name;
}

void check_key(const Config& config, const ApiKey& key, const ProviderProfile& profile,
               const std::string& version, std::vector<HealthCheck>& found) {
  if (key.secret.empty()) {
    found.push_back({Verdict::fail, "key", "HUNTER_API_KEY missing: set it, or HUNTER_API_KEY_FILE",
                     Errc::key_rejected});
    return;
  }
  const auto answer = std::make_shared<std::promise<Result<ApiAccount>>>();
  auto future = answer->get_future();
  auto with = config.api;
  with.key = key.secret;
  hunter::HunterClient api{with, profile, "gleaner/" + version};
  api.account([answer](Result<ApiAccount> account) { answer->set_value(std::move(account)); });
  const auto account = future.get(); // the client answers within api.timeout
  if (!account) {
    found.push_back(failed("key", account.error()));
    found.back().name = check_name("key", key);
    found.back().detail += remedy_for(account.error().code, key);
    return;
  }
  found.push_back({Verdict::ok, check_name("key", key), "accepted by " + config.api.url, {}});
  const std::string warning = warning_of(*account);
  const bool usable = warning.empty() && account->credits_remaining.value_or(1) > 0;
  found.push_back({usable ? Verdict::ok : Verdict::warn,
                   check_name("plan", key),
                   plan_text(*account) + warning,
                   {}});
}

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
         check_name("key", key),
         "drained, so jobs with it wait; `gleaner keys resume " + key.name + "` ends that",
         {}});
  }
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
    found.push_back(dead ? none_yet : failed("redis", info.error()));
    return;
  }
  // INFO has the policy, so that nobody needs the right to CONFIG, which tells passwords too.
  for (auto& check : judge_redis(info->text))
    found.push_back(std::move(check));
  found.push_back(check_clock(client));
  check_drained(client, config, found);
  const bullmq::QueueKeys keys{config.queue.prefix, config.queue.name};
  if (const auto fits = bullmq::check_compatibility(client, keys, config.queue.accept_version);
      !fits)
    found.push_back(failed("queue", fits.error()));
  else
    found.push_back({Verdict::ok, "queue", config.queue.name + " can be worked on", {}});
}

void check_store(const Config& config, std::vector<HealthCheck>& found) {
  store::FileStore store{config.store};
  if (const auto writable = store.check_writable(); !writable)
    found.push_back(failed("store", writable.error()));
  else
    found.push_back({Verdict::ok, "store", config.store.folder + " can be written", {}});
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

} // namespace

std::vector<HealthCheck> judge_redis(const std::string& info) {
  std::vector<HealthCheck> found;
  found.push_back(judge_version(info_value(info, "redis_version")));
  found.push_back(judge_policy(info_value(info, "maxmemory_policy")));
  if (info_value(info, "aof_enabled") == "1")
    found.push_back({Verdict::ok, "persistence", "append-only file", {}});
  else
    found.push_back({Verdict::warn,
                     "persistence",
                     "no append-only file: a restart of Redis loses jobs; set appendonly yes",
                     {}});
  return found;
}

std::vector<HealthCheck> check_health(const Config& config, const ProviderProfile& profile,
                                      const std::string& version) {
  std::vector<HealthCheck> found;
  for (const auto& key : api_keys(config.api))
    check_key(config, key, profile, version, found);
  if (config.cluster.role != "fetcher") { // which has neither
    check_redis(config, found);
    check_store(config, found);
  }
  check_cluster(config.cluster, found);
  return found;
}

} // namespace gleaner
