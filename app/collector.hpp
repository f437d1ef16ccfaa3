#pragma once

#include "app/event_logger.hpp"
#include "core/config.hpp"
#include "core/provider_profile.hpp"

#include <string>

namespace gleaner {

/// `gleaner run`: checks what it needs (key, store, Redis), starts all parts, works until SIGTERM
/// or SIGINT, drains, and stops them in reverse order. Returns the exit code; what is missing has
/// been logged with its remedy by then. Call it from the main thread, block_signals() done; the
/// arguments outlive the call.
int run_collector(const Config& config, const ProviderProfile& profile, EventLogger& log,
                  const std::string& version);

} // namespace gleaner
