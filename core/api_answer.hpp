#pragma once

#include "core/shared_body.hpp"
#include "core/trace_context.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace gleaner {

/// One page of domain-search.
struct PageRequest {
  std::string domain; ///< A-label form, validated.
  std::uint32_t offset = 0;
  std::uint32_t limit = 10;  ///< 1 to the most of the provider's profile.
  TraceContext trace{};      ///< Of whose span it is a part; empty: nobody traces it.
  std::uint32_t resends = 0; ///< Requests for the page before this one.
};

/// What came back for a request, before anyone judged it (core/answer_class does).
struct ApiAnswer {
  enum class Transport : std::uint8_t {
    answered,        ///< `status` is set and the body is whole.
    failed,          ///< DNS, connect, reset, cut body: `problem` says which.
    timed_out,       ///< The deadline passed.
    too_slow,        ///< Likewise, when a part of the body was there.
    too_large,       ///< More decoded bytes than the limit; the transfer was stopped.
    tls_failed,      ///< Certificate or handshake; nothing was sent.
    address_refused, ///< The name leads to an address that is not public; nothing was sent.
    unsent,          ///< It was too late to send it, or there was nobody to do so.
    node_lost        ///< The node of the cluster that had it is gone; it may have been sent.
  };
  Transport transport = Transport::failed;
  std::string problem; ///< For people; never holds the key or the URL's query.
  int status = 0;
  SharedBody body;
  bool is_json = false;      ///< The body of a non-2xx answer is a JSON object.
  std::string error_id;      ///< errors[0].id, or "".
  std::string error_details; ///< errors[0].details, or "".
  std::optional<std::chrono::seconds> retry_after; ///< From Retry-After in either form.
  std::chrono::milliseconds duration{0};
  bool key_is_old = false; ///< Another key has taken the place of that which was sent.
  bool normalized = false; ///< The body is what a PageCodec packed: the contacts of the page.
};

/// What the allowances of an old plan say beside their numbers (Hunter's browser extension reads
/// them so).
enum class AccountStanding : std::uint8_t {
  ordinary,
  incomplete, ///< Both 0 on the free level: its registration is not finished.
  frozen,     ///< Both 0 on a paid level.
  soft_frozen ///< Both 250.
};

/// The state of the account behind a key; personal data of the answer is left out.
struct ApiAccount {
  std::string plan_name;
  int plan_level = 0;
  std::string reset_date;                  ///< YYYY-MM-DD or "".
  std::optional<double> credits_remaining; ///< May be fractional.
  bool remaining_is_estimate =
    false; ///< Reckoned from the others: there may be more, such as packs.
  std::optional<double> credits_available;
  std::optional<double> credits_used;
  AccountStanding standing = AccountStanding::ordinary;
  std::chrono::steady_clock::time_point asked_at; ///< It may be older than its answer.
};

/// When the account gets new credits: midnight UTC of the reset date, in seconds since the epoch;
/// nothing when the date is missing or odd.
std::optional<std::int64_t> reset_time(const ApiAccount& account);

/// That date, "" when it is missing, and "unreadable" when it is odd.
std::string show_reset(const ApiAccount& account);

/// The account says for sure that nothing can be had with it.
bool has_no_credits(const ApiAccount& account);

/// "the account has no credits left", or what else keeps them from being used.
std::string why_no_credits(const ApiAccount& account);

} // namespace gleaner
