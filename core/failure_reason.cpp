#include "core/failure_reason.hpp"

namespace gleaner {

FailureReason failure_reason(Errc code) noexcept {
  switch (code) {
  case Errc::job_malformed:
  case Errc::domain_invalid:
    return FailureReason::bad_data;
  case Errc::job_children_failed:
    return FailureReason::children;
  case Errc::api_throttled:
  case Errc::api_unavailable:
  case Errc::api_blocked:
  case Errc::api_rejected:
  case Errc::key_rejected:
  case Errc::account_restricted:
  case Errc::quota_exhausted:
  case Errc::key_drained:
  case Errc::legal_block:
  case Errc::redirect_refused:
  case Errc::tls_failed:
  case Errc::address_refused:
  case Errc::body_malformed:
  case Errc::body_too_slow:
  case Errc::body_too_large:
    return FailureReason::api;
  case Errc::store_unwritable:
  case Errc::store_full:
  case Errc::store_io:
    return FailureReason::store;
  case Errc::internal:
    return FailureReason::internal;
  default:
    return FailureReason::other;
  }
}

const char* to_string(FailureReason reason) noexcept {
  switch (reason) {
  case FailureReason::bad_data:
    return "bad_data";
  case FailureReason::poison:
    return "poison";
  case FailureReason::api:
    return "api";
  case FailureReason::children:
    return "children";
  case FailureReason::store:
    return "store";
  case FailureReason::internal:
    return "internal";
  case FailureReason::other:
    break;
  }
  return "other";
}

} // namespace gleaner
