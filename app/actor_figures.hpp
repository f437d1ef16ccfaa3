#pragma once

#include "core/metrics.hpp"

namespace gleaner {

/// Brings the figures of all kinds of actors up to date, also while they are stuck. From any
/// thread.
void show_actors(ActorMetrics& metrics);

} // namespace gleaner
