#pragma once

#include "app/cluster_view.hpp"

namespace gleaner {

/// Prints the nodes, one line each, whichever coordinators they serve. Returns the exit code.
int list_nodes(const ClusterView& view, bool json);

/// Prints the coordinators and what their nodes do. Returns the exit code: ExitCode::not_found when
/// there is none.
int show_status(const ClusterView& view, bool json);

} // namespace gleaner
