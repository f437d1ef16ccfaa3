#pragma once

#include <cstdint>
#include <string>

namespace gleaner {

/// Why an operation failed. Starts at 1: CAF treats code 0 as "no error".
enum class Errc : std::uint8_t {
  redis_unavailable = 1, ///< No connection, or it broke or timed out mid-command.
  redis_refused,         ///< Redis answered with an error: OOM, READONLY, LOADING, WRONGTYPE ...
  redis_denied,          ///< NOAUTH, WRONGPASS or NOPERM: credentials or ACL.
  lock_lost,             ///< The job's lock is gone or belongs to another worker (-2, -6).
  lease_expired,         ///< Nothing tells that the job's lock is still ours: nothing was replaced.
  job_missing,           ///< The job's hash is gone (-1).
  job_not_active,        ///< The job is not in `active` (-3).
  job_has_children,      ///< Unfinished children forbid completion (-4).
  job_children_failed,   ///< Failed children forbid completion (-9).
  job_malformed,         ///< The queue handed us a job that cannot be collected.
  domain_invalid,        ///< Not a domain name that can be asked for.
  api_throttled,         ///< Too many requests: slow down, then ask again.
  api_unavailable,       ///< Timeout, refused connection, cut answer or HTTP 5xx.
  api_blocked,           ///< An edge proxy refused us (User-Agent or address), not the API.
  api_rejected,          ///< Any other 4xx: asking again will not help.
  key_rejected,          ///< 401, or no key.
  account_restricted,    ///< The account has no usable subscription: someone must see to it.
  quota_exhausted,       ///< No credits until the reset date, or a cap is reached.
  key_drained,           ///< The operator has taken the key out of use.
  legal_block,           ///< 451: the data must not be processed.
  redirect_refused,      ///< The API points elsewhere; the key must not follow.
  tls_failed,            ///< No trusted connection; nothing was sent.
  address_refused,  ///< The API's name leads to an address that is not public; nothing was sent.
  body_malformed,   ///< The answer is not the JSON that the API documents.
  body_too_slow,    ///< The answer began, and did not end in time.
  body_too_large,   ///< The decoded answer exceeds the limit.
  store_unwritable, ///< Folder missing, read-only, a file, or not ours.
  store_full,       ///< ENOSPC or EDQUOT.
  store_io,         ///< EIO or another failure while reading or writing.
  not_found,        ///< No such job, collection or file.
  usage,            ///< A wrong command line or setting.
  state_in_use,     ///< Another process holds the state directory.
  timed_out,        ///< A wait ended before its event.
  internal,         ///< A bug.
};

/// A stable lower-case name, used in logs and JSON, e.g. "redis_unavailable".
const char* to_string(Errc code) noexcept;

/// True when the same operation can succeed later without anyone changing anything.
bool is_transient(Errc code) noexcept;

/// A failed operation. `detail` is for people and never branched on.
struct Error {
  Errc code = Errc::internal;
  std::string detail;
};

/// "<detail>", or the code's name when there is no detail.
std::string describe(const Error& error);

} // namespace gleaner
