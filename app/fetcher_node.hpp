#pragma once

#include "adapters/http/admin_server.hpp"
#include "adapters/tunnel/tunnel.hpp"
#include "app/cluster/coordinator_dialer.hpp"
#include "app/event_logger.hpp"
#include "app/heartbeat.hpp"
#include "app/key_desks.hpp"
#include "app/pipeline.hpp"
#include "app/signals.hpp"
#include "app/tracing.hpp"
#include "core/config.hpp"
#include "core/provider_profile.hpp"
#include "core/restart_limit.hpp"

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <prometheus/registry.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace gleaner {

/// `gleaner run --role fetcher`: gets pages for the coordinators that it joins. It has API keys,
/// and neither Redis nor a store. Members are destroyed from last to first: the order of a
/// shutdown.
class FetcherNode {
public:
  /// The arguments outlive it. From the main thread, block_signals() done.
  FetcherNode(const Config& config, const ProviderProfile& profile, EventLogger& log,
              const std::string& version);

  /// Works until SIGTERM or SIGINT, then finishes the pages at hand. Returns the exit code; what is
  /// missing has been logged with its remedy by then.
  int run();

private:
  int refuse(const char* code, const Error& error);
  Status start_listener();
  Status open_tunnels();
  bool work();
  bool serve(caf::actor_system& system);
  CoordinatorDialerDeps dialer_deps(caf::actor_system& system, std::size_t place);
  void spawn_actors(caf::actor_system& system);
  void end_actors();
  bool is_out_of_time();
  std::uint32_t slots() const;
  std::string node_name() const;
  void on_signal();

  const Config& config_;
  const ProviderProfile& profile_;
  EventLogger& log_;
  std::string version_;
  std::shared_ptr<prometheus::Registry> registry_;
  Metrics metrics_;
  std::unique_ptr<otlp::SpanExporter> tracing_; ///< None: without traces.
  KeyDesks keys_;
  RestartLimit restarts_;
  Heartbeat heartbeat_;
  std::vector<std::unique_ptr<tunnel::Tunnel>>
    tunnels_;                            ///< One to each coordinator; none: without TLS.
  std::atomic<std::uint32_t> joined_{0}; ///< Coordinators.
  std::mutex mutex_;                     ///< Guards what is below.
  std::optional<std::chrono::steady_clock::time_point> give_up_at_; ///< Set: it is to end.
  std::vector<caf::actor> dialers_;
  std::vector<caf::actor_addr> servers_; ///< Also those that have ended.
  std::vector<NormalizerActor> normalizers_;
  caf::actor pulse_; ///< Keeps the heart beating.
  std::unique_ptr<http::AdminServer> listener_;
  SignalThread signals_;
};

} // namespace gleaner
