#pragma once

#include "adapters/http/admin_server.hpp"
#include "app/event_logger.hpp"
#include "app/key_desks.hpp"
#include "app/pipeline.hpp"
#include "app/signals.hpp"
#include "core/config.hpp"
#include "core/provider_profile.hpp"

#include <caf/actor.hpp>
#include <prometheus/registry.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
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
  void work();
  void spawn_actors(caf::actor_system& system);
  void end_normalizers();
  std::uint32_t slots() const;
  void on_signal();

  const Config& config_;
  const ProviderProfile& profile_;
  EventLogger& log_;
  std::string version_;
  std::shared_ptr<prometheus::Registry> registry_;
  Metrics metrics_;
  KeyDesks keys_;
  std::atomic<std::uint32_t> joined_{0}; ///< Coordinators.
  std::mutex mutex_;                     ///< Guards what is below.
  bool stopping_ = false;
  std::vector<caf::actor> dialers_;
  std::vector<NormalizerActor> normalizers_;
  std::unique_ptr<http::AdminServer> listener_;
  SignalThread signals_;
};

} // namespace gleaner
