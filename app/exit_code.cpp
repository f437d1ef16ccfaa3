#include "app/exit_code.hpp"

namespace gleaner {

// NOLINTNEXTLINE(readability-function-size): a table
ExitCode exit_code_of(Errc code) noexcept {
  switch (code) {
  case Errc::redis_unavailable:
  case Errc::redis_refused:
  case Errc::redis_denied:
    return ExitCode::redis_unreachable;
  case Errc::key_rejected:
  case Errc::account_restricted:
    return ExitCode::key_rejected;
  case Errc::quota_exhausted:
  case Errc::key_drained:
    return ExitCode::quota_exceeded;
  case Errc::usage:
  case Errc::domain_invalid:
    return ExitCode::usage;
  case Errc::not_found:
  case Errc::job_missing:
    return ExitCode::not_found;
  case Errc::timed_out:
    return ExitCode::timed_out;
  case Errc::store_unwritable:
  case Errc::store_full:
  case Errc::store_io:
    return ExitCode::store_unwritable;
  case Errc::state_in_use:
    return ExitCode::state_in_use;
  case Errc::lock_lost:
  case Errc::lease_expired:
  case Errc::job_not_active:
  case Errc::job_has_children:
  case Errc::job_children_failed:
  case Errc::job_malformed:
  case Errc::api_throttled:
  case Errc::api_unavailable:
  case Errc::api_blocked:
  case Errc::api_rejected:
  case Errc::legal_block:
  case Errc::redirect_refused:
  case Errc::tls_failed:
  case Errc::address_refused:
  case Errc::body_malformed:
  case Errc::body_too_slow:
  case Errc::body_too_large:
  case Errc::internal:
    return ExitCode::failed;
  }
  return ExitCode::failed;
}

std::vector<ExitCodeMeaning> exit_code_meanings() {
  return {
    {"0", "done"},
    {"1", "failed"},
    {"2", "wrong command line or setting"},
    {"3", "no such job, collection, node or CA"},
    {"4", "part of it was done"},
    {"5", "the API's quota is used up"},
    {"6", "Redis can't be reached, refuses the password, or is no Redis"},
    {"7", "API key missing or refused"},
    {"8", "the wait was over before the jobs"},
    {"9", "the store, or a file, can't be written"},
    {"10", "another gleaner uses the state folder"},
    {"130, 143", "ended by SIGINT or SIGTERM; `gleaner run` by a second one"},
  };
}

} // namespace gleaner
