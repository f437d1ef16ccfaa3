#include "app/actor_settings.hpp"

#include "messages/registry.hpp"

#include <caf/atom.hpp>
#include <caf/io/middleman.hpp>
#include <caf/timespan.hpp>

#include <algorithm>
#include <chrono>
#include <thread>

namespace gleaner {

std::size_t processors() {
  return std::max(1u, std::thread::hardware_concurrency());
}

std::unique_ptr<caf::actor_system_config> caf_config(const ActorSettings& settings) {
  auto config = std::make_unique<caf::actor_system_config>();
  register_messages(*config);
  // `sharing` idles without polling; a bounded throughput keeps one busy actor from starving
  // others.
  config->set("scheduler.policy", settings.stepwise ? caf::atom("testing") : caf::atom("sharing"));
  config->set("scheduler.max-threads", processors());
  config->set("scheduler.max-throughput", std::size_t{50});
  if (!settings.networked)
    return config;
  config->load<caf::io::middleman>();
  // A line that was cut looks like a silent one to TCP: with these, CAF drops it, so that the next
  // try to join does not use it again. Whether a node lives is for NodeLink to find out.
  config->set("middleman.heartbeat-interval", caf::timespan{std::chrono::seconds{1}});
  config->set("middleman.connection-timeout", caf::timespan{std::chrono::seconds{8}});
  return config;
}

} // namespace gleaner
