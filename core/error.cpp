#include "core/error.hpp"

namespace gleaner {

// NOLINTNEXTLINE(readability-function-size): a table
const char* to_string(Errc code) noexcept {
  switch (code) {
  case Errc::redis_unavailable:
    return "redis_unavailable";
  case Errc::redis_refused:
    return "redis_refused";
  case Errc::redis_denied:
    return "redis_denied";
  case Errc::lock_lost:
    return "lock_lost";
  case Errc::lease_expired:
    return "lease_expired";
  case Errc::job_missing:
    return "job_missing";
  case Errc::job_not_active:
    return "job_not_active";
  case Errc::job_has_children:
    return "job_has_children";
  case Errc::job_children_failed:
    return "job_children_failed";
  case Errc::job_malformed:
    return "job_malformed";
  case Errc::domain_invalid:
    return "domain_invalid";
  case Errc::api_throttled:
    return "api_throttled";
  case Errc::api_unavailable:
    return "api_unavailable";
  case Errc::api_blocked:
    return "api_blocked";
  case Errc::api_rejected:
    return "api_rejected";
  case Errc::key_rejected:
    return "key_rejected";
  case Errc::account_restricted:
    return "account_restricted";
  case Errc::quota_exhausted:
    return "quota_exhausted";
  case Errc::key_drained:
    return "key_drained";
  case Errc::legal_block:
    return "legal_block";
  case Errc::redirect_refused:
    return "redirect_refused";
  case Errc::tls_failed:
    return "tls_failed";
  case Errc::address_refused:
    return "address_refused";
  case Errc::body_malformed:
    return "body_malformed";
  case Errc::body_too_slow:
    return "body_too_slow";
  case Errc::body_too_large:
    return "body_too_large";
  case Errc::store_unwritable:
    return "store_unwritable";
  case Errc::store_full:
    return "store_full";
  case Errc::store_io:
    return "store_io";
  case Errc::not_found:
    return "not_found";
  case Errc::usage:
    return "usage";
  case Errc::state_in_use:
    return "state_in_use";
  case Errc::timed_out:
    return "timed_out";
  case Errc::internal:
    return "internal";
  }
  return "internal";
}

bool is_transient(Errc code) noexcept {
  switch (code) {
  case Errc::redis_unavailable:
  case Errc::redis_refused:
  case Errc::api_throttled:
  case Errc::api_unavailable:
  case Errc::tls_failed:
  case Errc::address_refused:
  case Errc::body_malformed:
  case Errc::body_too_slow:
  case Errc::store_full:
  case Errc::store_io:
  case Errc::store_unwritable:
  case Errc::timed_out:
  case Errc::internal:
    return true;
  case Errc::redis_denied:
  case Errc::lock_lost:
  case Errc::lease_expired:
  case Errc::job_missing:
  case Errc::job_not_active:
  case Errc::job_has_children:
  case Errc::job_children_failed:
  case Errc::job_malformed:
  case Errc::domain_invalid:
  case Errc::api_blocked:
  case Errc::api_rejected:
  case Errc::key_rejected:
  case Errc::account_restricted:
  case Errc::quota_exhausted:
  case Errc::key_drained:
  case Errc::legal_block:
  case Errc::redirect_refused:
  case Errc::body_too_large:
  case Errc::not_found:
  case Errc::usage:
  case Errc::state_in_use:
    return false;
  }
  return false;
}

std::string describe(const Error& error) {
  return error.detail.empty() ? to_string(error.code) : error.detail;
}

} // namespace gleaner
