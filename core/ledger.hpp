#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gleaner {

/// A finished page as it is kept in the queue until its job has ended: `packed` is the form of
/// core/ports/page_codec.
struct LedgerPage {
  std::uint32_t offset = 0;
  std::uint32_t limit = 0; ///< Rows that were asked for.
  std::string packed;
};

/// All that is kept of a job.
struct Ledger {
  std::vector<LedgerPage> pages; ///< By offset.
  std::int64_t at_ms = 0;        ///< When the last one was kept, by the queue's clock.
};

} // namespace gleaner
