#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace gleaner::store {

/// Removes from a folder, whose entries are `names`, the files that writers left unfinished: at
/// once those of processes that are known to be gone, others after ten minutes. How many.
std::size_t remove_leftovers(int folder, const std::vector<std::string>& names);

} // namespace gleaner::store
