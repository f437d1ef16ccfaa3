#pragma once

#include "core/log.hpp"
#include "core/metrics.hpp"

#include <cstdint>

namespace gleaner {

/// What is told of at its mailbox: far more than ever wait in health (10,000 jobs at once: some
/// 3,000).
inline constexpr std::int64_t largest_backlog = 10000;

/// Warns of kinds of actors for which more messages wait: actor.backlog. From any thread.
void warn_of_backlogs(EventLog& log);

/// Brings the figures of all kinds of actors up to date, also while they are stuck. From any
/// thread.
void show_actors(ActorMetrics& metrics);

} // namespace gleaner
