#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace gleaner {

/// Tells a proxy that blocks this machine from one that dislikes what is asked for a domain: the
/// latter is so when pages of others were served between several blocks of it. Not thread-safe.
class EdgeBlocks {
public:
  /// A page of the domain was blocked. True when that is the domain's own affair: the third time,
  /// if others were served since the first and since the second.
  bool blocked(const std::string& domain);

  /// A page of the domain was served.
  void served(const std::string& domain);

private:
  struct Blocks {
    std::uint32_t count = 0;
    std::uint64_t served_before = 0; ///< So many pages, when it was blocked last.
  };
  std::map<std::string, Blocks> blocks_; ///< Of domains that were not served since.
  std::uint64_t served_ = 0;
};

} // namespace gleaner
