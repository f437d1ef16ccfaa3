#pragma once

#include <caf/actor_system_config.hpp>

#include <cstddef>
#include <memory>

namespace gleaner {

/// How actors are run.
struct ActorSettings {
  /// Under CAF's test scheduler: nothing runs and no time passes but by hand.
  bool stepwise = false;
  /// With CAF's middleman, which reaches other processes.
  bool networked = false;
};

/// CAF's settings for that, with our messages known.
std::unique_ptr<caf::actor_system_config> caf_config(const ActorSettings& settings);

/// Processors of this machine, at least one.
std::size_t processors();

} // namespace gleaner
