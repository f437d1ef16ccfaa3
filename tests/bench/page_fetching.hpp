#pragma once

#include <cstdint>
#include <string>

namespace gleaner::bench {

/// So many pages of so many contacts each, every one of a domain of its own.
struct PagesWanted {
  std::string api;            ///< As in HUNTER_API_URL.
  std::uint32_t contacts = 0; ///< 1..100
  std::uint32_t pages = 0;
  std::uint32_t parallel = 1; ///< At once, at least 1; each on a connection that is kept.
};

struct PagesFetched {
  double seconds = 0;
  double cpu_seconds = 0; ///< Of this process, user and system.
  std::uint64_t bytes = 0;
};

/// Fetches pages by libcurl's multi interface and does nothing with them: what a collector spends
/// at least. Throws std::runtime_error when one does not come.
PagesFetched fetch_pages(const PagesWanted& wanted);

} // namespace gleaner::bench
