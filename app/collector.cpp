#include "app/collector.hpp"

#include "app/cluster_identity.hpp"
#include "app/exit_code.hpp"
#include "app/startup_checks.hpp"

#include <utility>

namespace gleaner {

namespace {

/// The log code of a start that Redis or its queue made impossible.
const char* code_of_start(Errc code) {
  if (code == Errc::state_in_use)
    return "state.locked";
  return code == Errc::usage ? "queue.refused" : "redis.unreachable";
}

} // namespace

int Collector::refuse(const char* code, const Error& error) {
  log_.error(code, describe(error));
  return static_cast<int>(exit_code_of(error.code));
}

Status Collector::check_settings() {
  if (api_keys(config_.api).front().secret.empty())
    return Error{Errc::key_rejected,
                 "HUNTER_API_KEY missing: set it, or HUNTER_API_KEY_FILE to a file that holds it"};
  // First: what a dead predecessor left may be what fills the disk.
  metrics_.reconciled.temp_files.Increment(static_cast<double>(store_.remove_leftovers()));
  return store_.check_writable();
}

Status Collector::claim_node() {
  auto claimed = Node::claim(config_.state_folder);
  if (!claimed)
    return claimed.error();
  node_.emplace(std::move(*claimed));
  return Done{};
}

void Collector::open_traces() {
  tracing_ = open_tracing(config_, version_, node_->id(), metrics_.traces, log_);
  if (tracing_)
    keys_.trace(*tracing_);
}

Status Collector::start_redis() {
  if (config_.redis.url.empty()) {
    auto started = embedded::EmbeddedRedis::start(config_.state_folder);
    if (!started)
      return started.error();
    redis_ = std::move(*started);
    config_.redis.url = redis_->url();
    log_.info("redis.embedded",
              "no REDIS_URL: started a private Redis; clients reach it at "
              "redis://127.0.0.1:" +
                std::to_string(redis_->port()),
              {{"port", std::int64_t{redis_->port()}}, {"folder", config_.state_folder}});
  }
  warn_of_plain_redis(config_, log_);
  if (auto answered = await_redis(config_, log_, [this] { return signal_ != 0; }); !answered)
    return answered.error();
  return Done{};
}

Status Collector::check_and_open_queue() {
  if (auto fits = check_queue(config_); !fits)
    return fits.error();
  if (auto reached = check_budgets(config_); !reached)
    return reached.error();
  open_queue();
  return Done{};
}

void Collector::open_queue() {
  const std::lock_guard guard{parts_mutex_};
  queue_ = std::make_unique<bullmq::BullmqQueue>(config_.redis, config_.queue,
                                                 node_->token_seed(config_.queue.lock_duration),
                                                 log_, &redis_report_);
  budget_client_ = std::make_unique<redis::RedisClient>(config_.redis, "gleaner:budget",
                                                        redis::ServerScripts{}, &redis_report_);
  keys_.open_budgets(*budget_client_, node_->token_seed(config_.queue.lock_duration));
}

int Collector::run() {
  if (const auto usable = check_settings(); !usable)
    return refuse(usable.error().code == Errc::key_rejected ? "auth.key_rejected"
                                                            : "store.unwritable",
                  usable.error());
  if (const auto claimed = claim_node(); !claimed)
    return refuse(claimed.error().code == Errc::state_in_use ? "state.locked" : "state.unwritable",
                  claimed.error());
  open_traces();
  const auto trusted = check_cluster_identity(config_.cluster, metrics_.cluster, log_);
  if (!trusted)
    return refuse("config.refused", trusted.error());
  certificate_ends_ms_ = *trusted;
  if (const auto listening = start_listener(); !listening)
    return refuse("config.refused", listening.error());
  if (const auto usable = keys_.check(metrics_, log_); !usable)
    return refuse(usable.error().code == Errc::account_restricted ? "auth.account_restricted"
                                                                  : "auth.key_rejected",
                  usable.error());
  if (const auto started = start_redis(); !started)
    return refuse(code_of_start(started.error().code), started.error());
  if (const auto lasting = check_eviction(config_, log_); !lasting)
    return refuse("config.refused", lasting.error());
  if (const auto opened = check_and_open_queue(); !opened)
    return refuse(code_of_start(opened.error().code), opened.error());
  return work();
}

} // namespace gleaner
