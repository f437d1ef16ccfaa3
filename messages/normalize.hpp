#pragma once

#include "messages/inspect_core.hpp"

#include <cstdint>

namespace gleaner {

/// JobCoordinator -> Normalizer: read a page's body and make contacts of it. Answered by exactly
/// one PageNormalized or PageUnreadable.
struct NormalizePage {
  JobLock lock;
  std::uint32_t offset = 0;
  SharedBody body;
  bool normalized = false; ///< As in ApiAnswer: only unpack it.
  TraceContext trace{};    ///< As in PageRequest.
  std::uint32_t page = 1;  ///< Its number, for the log.
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, NormalizePage& x) {
  return f(caf::meta::type_name("NormalizePage"), x.lock, x.offset, x.body, x.normalized, x.trace,
           x.page);
}

/// Normalizer -> JobCoordinator: the contacts of a page, and their form for the ledger.
struct PageNormalized {
  JobLock lock;
  std::uint32_t offset = 0;
  NormalizedPage page;
  std::string packed;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PageNormalized& x) {
  return f(caf::meta::type_name("PageNormalized"), x.lock, x.offset, x.page, x.packed);
}

/// Normalizer -> JobCoordinator: the body is not what the API documents.
struct PageUnreadable {
  JobLock lock;
  std::uint32_t offset = 0;
  Error error;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PageUnreadable& x) {
  return f(caf::meta::type_name("PageUnreadable"), x.lock, x.offset, x.error);
}

/// JobCoordinator -> Normalizer: read a page of a ledger. Answered by exactly one PageUnpacked.
struct UnpackPage {
  JobLock lock;
  LedgerPage page;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, UnpackPage& x) {
  return f(caf::meta::type_name("UnpackPage"), x.lock, x.page);
}

/// Normalizer -> JobCoordinator: a page of a ledger; unset when it is damaged.
struct PageUnpacked {
  JobLock lock;
  std::uint32_t offset = 0;
  std::uint32_t limit = 0;
  std::optional<NormalizedPage> page;
};
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PageUnpacked& x) {
  return f(caf::meta::type_name("PageUnpacked"), x.lock, x.offset, x.limit, optional_field(x.page));
}

} // namespace gleaner
