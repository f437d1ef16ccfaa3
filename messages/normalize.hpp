#pragma once

#include "messages/inspect_core.hpp"

#include <cstdint>

namespace gleaner {

/// JobCoordinator -> Normalizer: read a page's body and make contacts of it. Answered by exactly
/// one PageNormalized or PageUnreadable.
struct NormalizePage {
  JobId job_id;
  std::uint32_t offset = 0;
  SharedBody body;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, NormalizePage& x) {
  return f(caf::meta::type_name("NormalizePage"), x.job_id, x.offset, x.body);
}

/// Normalizer -> JobCoordinator: the contacts of a page.
struct PageNormalized {
  JobId job_id;
  std::uint32_t offset = 0;
  NormalizedPage page;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PageNormalized& x) {
  return f(caf::meta::type_name("PageNormalized"), x.job_id, x.offset, x.page);
}

/// Normalizer -> JobCoordinator: the body is not what the API documents.
struct PageUnreadable {
  JobId job_id;
  std::uint32_t offset = 0;
  Error error;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PageUnreadable& x) {
  return f(caf::meta::type_name("PageUnreadable"), x.job_id, x.offset, x.error);
}

} // namespace gleaner
