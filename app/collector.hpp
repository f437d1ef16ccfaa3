#pragma once

#include "adapters/bullmq/bullmq_queue.hpp"
#include "adapters/embedded/embedded_redis.hpp"
#include "adapters/http/admin_server.hpp"
#include "adapters/redis/redis_client.hpp"
#include "adapters/store/file_store.hpp"
#include "app/cluster_board.hpp"
#include "app/event_logger.hpp"
#include "app/key_desks.hpp"
#include "app/node.hpp"
#include "app/pipeline.hpp"
#include "app/redis_report.hpp"
#include "app/signals.hpp"
#include "app/tracing.hpp"
#include "core/config.hpp"
#include "core/provider_profile.hpp"
#include "core/restart_limit.hpp"

#include <prometheus/registry.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace gleaner {

/// `gleaner run`. Members are destroyed from last to first: the order of a shutdown.
class Collector {
public:
  /// The arguments outlive it. From the main thread, block_signals() done.
  Collector(const Config& config, const ProviderProfile& profile, EventLogger& log,
            const std::string& version)
      : config_(config), profile_(profile), log_(log), version_(version),
        registry_(std::make_shared<prometheus::Registry>()), metrics_(*registry_, config, version),
        store_(
          config.store, {}, [this](StoreOp op) { metrics_.store.count_error(op); },
          [this](std::size_t bytes) {
            metrics_.store.written_bytes.Increment(static_cast<double>(bytes));
          }),
        keys_(config.api, profile, "gleaner/" + version),
        signals_([this](int number) { on_signal(number); }) {}

  /// Checks what it needs (key, store, Redis), starts all parts, works until SIGTERM or SIGINT,
  /// drains, and stops them in reverse order. Returns the exit code; what is missing has been
  /// logged with its remedy by then.
  int run();

private:
  int refuse(const char* code, const Error& error);
  Status check_settings();
  Status claim_node();
  void open_traces();
  Status start_redis();
  Status check_and_open_queue();
  void open_queue();
  Status start_listener();
  int work();
  Status open_cluster();
  Result<bool> make_pipeline();
  bool replace_pipeline();
  void drop_pipeline();
  void on_signal(int number);
  std::vector<http::ReadinessCheck> readiness();

  Config config_;
  const ProviderProfile& profile_;
  EventLogger& log_;
  std::string version_;
  std::shared_ptr<prometheus::Registry> registry_;
  Metrics metrics_;
  std::unique_ptr<otlp::SpanExporter> tracing_; ///< None: without traces.
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
  std::optional<std::int64_t> certificate_ends_ms_; ///< In a cluster with TLS.
  std::optional<ClusterBoard> board_;
  RestartLimit restarts_;
  std::unique_ptr<http::AdminServer> listener_;
  SignalThread signals_;
};

} // namespace gleaner
