#include "app/collector.hpp"

#include "adapters/bullmq/bullmq_queue.hpp"
#include "adapters/embedded/embedded_redis.hpp"
#include "adapters/http/admin_server.hpp"
#include "adapters/redis/redis_client.hpp"
#include "adapters/store/file_store.hpp"
#include "app/exit_code.hpp"
#include "app/key_desks.hpp"
#include "app/node.hpp"
#include "app/pipeline.hpp"
#include "app/redis_report.hpp"
#include "app/signals.hpp"
#include "app/startup_checks.hpp"

#include <nlohmann/json.hpp>
#include <prometheus/registry.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace gleaner {

namespace {

/// The log code of a start that Redis or its queue made impossible.
const char* code_of_start(Errc code) {
  if (code == Errc::state_in_use)
    return "state.locked";
  return code == Errc::usage ? "queue.refused" : "redis.unreachable";
}

/// Members are destroyed from last to first: the order of a shutdown.
class Collector {
public:
  Collector(const Config& config, const ProviderProfile& profile, EventLogger& log,
            const std::string& version)
      : config_(config), profile_(profile), log_(log), version_(version),
        registry_(std::make_shared<prometheus::Registry>()), metrics_(*registry_, config, version),
        store_(config.store, {}, [this](StoreOp op) { metrics_.store.count_error(op); }),
        keys_(config.api, profile, "gleaner/" + version),
        signals_([this](int number) { on_signal(number); }) {}

  int run();

private:
  int refuse(const char* code, const Error& error);
  Status check_settings();
  Status claim_node();
  Status start_redis();
  Status open_queue();
  Status start_listener();
  int work();
  void on_signal(int number);
  std::vector<http::ReadinessCheck> readiness();

  Config config_;
  const ProviderProfile& profile_;
  EventLogger& log_;
  std::string version_;
  std::shared_ptr<prometheus::Registry> registry_;
  Metrics metrics_;
  store::FileStore store_;
  std::optional<Node> node_;
  std::unique_ptr<embedded::EmbeddedRedis> redis_;
  RedisReport redis_report_{metrics_.redis, log_};
  std::mutex parts_mutex_; ///< Guards the pointers queue_ and pipeline_: three threads use them.
  std::unique_ptr<bullmq::BullmqQueue> queue_;
  std::unique_ptr<redis::RedisClient> budget_client_;
  KeyDesks keys_;
  std::atomic<bool> ready_{false};
  std::atomic<int> signal_{0};
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<http::AdminServer> listener_;
  SignalThread signals_;
};

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

Status Collector::open_queue() {
  if (auto fits = check_queue(config_); !fits)
    return fits.error();
  const std::lock_guard guard{parts_mutex_};
  queue_ = std::make_unique<bullmq::BullmqQueue>(config_.redis, config_.queue,
                                                 node_->token_seed(config_.queue.lock_duration),
                                                 log_, &redis_report_);
  budget_client_ = std::make_unique<redis::RedisClient>(config_.redis, "gleaner:budget",
                                                        redis::ServerScripts{}, &redis_report_);
  keys_.open_budgets(*budget_client_, node_->token_seed(config_.queue.lock_duration));
  return Done{};
}

std::vector<http::ReadinessCheck> Collector::readiness() {
  const std::lock_guard guard{parts_mutex_};
  const bool redis = queue_ && queue_->connected();
  const bool working = ready_;
  metrics_.process.redis_connected.Set(redis ? 1 : 0);
  metrics_.process.ready.Set(redis && working ? 1 : 0);
  auto& dropped = metrics_.process.log_dropped;
  dropped.Increment(static_cast<double>(log_.lost()) - dropped.Value());
  return {{"redis", redis, redis ? "" : "no connection"},
          {"worker", working, working ? "" : "starting or draining"}};
}

Status Collector::start_listener() {
  http::AdminRoutes routes;
  routes.registry = registry_;
  routes.alive = [this] {
    const std::lock_guard guard{parts_mutex_};
    return !pipeline_ || pipeline_->alive();
  };
  routes.checks = [this] { return readiness(); };
  routes.version_json = nlohmann::json{{"version", version_}}.dump();
  auto started = http::AdminServer::start(config_.http, std::move(routes));
  if (!started)
    return started.error();
  listener_ = std::move(*started);
  return Done{};
}

void Collector::on_signal(int number) {
  signal_ = number;
  const std::lock_guard guard{parts_mutex_};
  ready_ = false; // work() may just have become ready
  if (pipeline_)
    pipeline_->drain(config_.shutdown_grace);
}

int Collector::work() {
  {
    const std::lock_guard guard{parts_mutex_};
    if (signal_ != 0)
      return static_cast<int>(ExitCode::ok);
    pipeline_ = std::make_unique<Pipeline>(
      config_, PipelinePorts{*queue_, keys_.ports(), profile_, store_, metrics_, log_});
    ready_ = true;
  }
  keys_.watch(log_, [this](const std::string& name) {
    const std::lock_guard guard{parts_mutex_};
    if (pipeline_)
      pipeline_->key_replaced(name);
  });
  log_.info("worker.ready", "ready: waiting for jobs",
            {{"queue", config_.queue.name},
             {"concurrency", std::int64_t{config_.queue.concurrency}},
             {"port", std::int64_t{listener_->port()}},
             {"store", config_.store.folder}});
  const bool drained = pipeline_->run();
  ready_ = false;
  listener_.reset();
  keys_.unwatch();
  const std::lock_guard guard{parts_mutex_};
  pipeline_.reset();
  return static_cast<int>(drained ? ExitCode::ok : ExitCode::failed);
}

int Collector::run() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  metrics_.process.start_time.Set(std::chrono::duration<double>{now}.count());
  if (const auto usable = check_settings(); !usable)
    return refuse(usable.error().code == Errc::key_rejected ? "auth.key_rejected"
                                                            : "store.unwritable",
                  usable.error());
  if (const auto claimed = claim_node(); !claimed)
    return refuse(claimed.error().code == Errc::state_in_use ? "state.locked" : "state.unwritable",
                  claimed.error());
  if (const auto listening = start_listener(); !listening)
    return refuse("config.refused", listening.error());
  if (const auto usable = keys_.check(metrics_, log_); !usable)
    return refuse("auth.key_rejected", usable.error());
  if (const auto started = start_redis(); !started)
    return refuse(code_of_start(started.error().code), started.error());
  if (const auto lasting = check_eviction(config_, log_); !lasting)
    return refuse("config.refused", lasting.error());
  if (const auto opened = open_queue(); !opened)
    return refuse(code_of_start(opened.error().code), opened.error());
  return work();
}

} // namespace

int run_collector(const Config& config, const ProviderProfile& profile, EventLogger& log,
                  const std::string& version) {
  return Collector{config, profile, log, version}.run();
}

} // namespace gleaner
