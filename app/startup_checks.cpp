#include "app/startup_checks.hpp"

#include "adapters/budget/redis_budget.hpp"
#include "adapters/bullmq/compatibility.hpp"
#include "adapters/redis/redis_client.hpp"
#include "adapters/redis/redis_error.hpp"
#include "adapters/redis/redis_url.hpp"
#include "app/redis_info.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <thread>
#include <utility>

namespace gleaner {

Status await_redis(const Config& config, EventLog& log, const std::function<bool()>& cancelled) {
  constexpr std::chrono::milliseconds pause{200};
  const auto deadline = std::chrono::steady_clock::now() + config.startup_timeout;
  redis::RedisClient client{config.redis, ""};
  bool reported = false;
  for (;;) {
    const auto pong = client.call({"PING"});
    if (pong)
      return Done{};
    const auto& error = pong.error();
    const bool loading = error.code == Errc::redis_refused && error.detail.starts_with("LOADING");
    if (error.code != Errc::redis_unavailable && !loading)
      return error;
    if (std::chrono::steady_clock::now() + pause >= deadline || cancelled())
      return error;
    if (!std::exchange(reported, true))
      log.warn("redis.unreachable", "Redis does not answer yet; trying again",
               {{"err", describe(error)}});
    std::this_thread::sleep_for(pause);
  }
}

void warn_of_plain_redis(const Config& config, EventLog& log) {
  const auto address = redis::parse_redis_url(config.redis.url);
  if (!address || address->tls || !address->rest_base.empty() || !address->socket_path.empty())
    return;
  const auto& host = address->host;
  const bool numbers = host.find_first_not_of("0123456789.") == std::string::npos;
  if (host == "localhost" || host == "::1" || (numbers && host.starts_with("127.")))
    return;
  log.warn(
    "redis.plaintext",
    "password and jobs travel to Redis in clear; use rediss:// unless the network is yours alone",
    {{"host", host}});
}

Status check_eviction(const Config& config, EventLog& log) {
  redis::RedisClient client{config.redis, ""};
  // INFO needs no right to CONFIG, which tells passwords too.
  const auto info = client.call({"INFO", "memory"});
  const auto policy = info ? info_value(info->text, "maxmemory_policy") : std::string{};
  if (policy.empty())
    log.warn("redis.eviction_unknown",
             "Redis does not tell its policy; make sure that maxmemory-policy is noeviction");
  if (policy.empty() || policy == "noeviction")
    return Done{};
  return Error{Errc::usage, "Redis has maxmemory-policy " + policy +
                              ", which loses jobs when memory runs short; set maxmemory-policy "
                              "noeviction in redis.conf or by CONFIG SET"};
}

Status check_queue(const Config& config) {
  redis::RedisClient client{config.redis, ""};
  return bullmq::check_compatibility(client, {config.queue.prefix, config.queue.name},
                                     config.queue.accept_version);
}

Status check_budgets(const Config& config) {
  redis::RedisClient client{config.redis, ""};
  for (const auto& key : api_keys(config.api)) {
    const auto mark = client.call({"HGET", budget::state_key(key.secret), "drained"});
    if (!mark && redis::is_of_cluster(mark.error()))
      return mark.error();
  }
  return Done{};
}

Result<std::optional<ApiAccount>> check_key(HunterApi& api, EventLog& log,
                                            std::chrono::milliseconds patience) {
  // The promise is shared: an answer may come after we have stopped waiting.
  const auto answer = std::make_shared<std::promise<Result<ApiAccount>>>();
  auto future = answer->get_future();
  api.account([answer](Result<ApiAccount> account) { answer->set_value(std::move(account)); });
  if (future.wait_for(patience) != std::future_status::ready) {
    log.warn("api.unreachable", "the API has not answered about the key; going on");
    return std::optional<ApiAccount>{};
  }
  const auto account = future.get();
  if (account)
    return std::optional{*account};
  const auto code = account.error().code;
  if (code == Errc::key_rejected || code == Errc::account_restricted)
    return account.error();
  log.warn("api.unreachable", "the API says nothing about the key; going on",
           {{"err", describe(account.error())}});
  return std::optional<ApiAccount>{};
}

} // namespace gleaner
