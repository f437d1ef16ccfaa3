#pragma once

#include "app/top/figures.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace gleaner::top {

/// Parts of a frame: a line of titles, and one for each key, node, worker or job. `columns` as in
/// FrameSize. Without anything to show there are no lines.
std::vector<std::string> key_section(const std::vector<KeyFigures>& keys, std::size_t columns);
std::vector<std::string> node_section(const std::vector<NodeTotals>& nodes, std::size_t columns);
std::vector<std::string> worker_section(const Figures& figures, std::size_t columns);
/// In the order given.
std::vector<std::string> job_section(const std::vector<JobFigures>& jobs, std::size_t columns);

} // namespace gleaner::top
