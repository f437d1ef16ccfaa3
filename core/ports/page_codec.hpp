#pragma once

#include "core/normalized_page.hpp"
#include "core/result.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace gleaner {

/// The form in which a page is kept in a job's ledger, and in which nodes of a cluster send it. All
/// may be called from any thread.
struct PageCodec {
  std::function<std::string(const NormalizedPage& page)> pack;
  /// Errc::body_malformed when the text is no page that `pack` made, or was damaged since.
  std::function<Result<NormalizedPage>(std::string_view packed)> unpack;
  /// `pack` makes text, for where bytes can't pass; `unpack` takes both.
  bool as_text = false;
};

} // namespace gleaner
