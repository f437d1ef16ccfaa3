#pragma once

#include "core/api_answer.hpp"
#include "core/error.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace gleaner {

struct ProviderProfile;

/// What an answer means and what to do about it.
struct AnswerClass {
  enum class Verdict : std::uint8_t {
    page,        ///< A page to read.
    retry,       ///< Ask again after max(wait, backoff).
    ask_account, ///< Throttle or empty quota? The account tells.
    plan_cap,    ///< The plan serves no more than `plan_cap` addresses per search.
    give_up      ///< Asking again will not help.
  };
  Verdict verdict = Verdict::give_up;
  Errc code = Errc::internal;        ///< All but page.
  std::chrono::milliseconds wait{0}; ///< retry, ask_account: the server's Retry-After, cut to an
                                     ///< hour (5xx: two minutes); else 0.
  std::uint32_t plan_cap = 0;
  std::string reason; ///< For people: status, error id and details; never the key.
  std::string rule;   ///< Name of the profile's rule that decided; empty: no answer came.
};

/// Judges an answer: the first of the profile's rules that takes it decides. What failed on the
/// way, without an answer, is the same for every provider.
AnswerClass classify(const ProviderProfile& profile, const ApiAnswer& answer);

/// Settles Verdict::ask_account: credits left mean a throttle, none an empty quota. An account
/// that can't be read counts as a throttle: the number of tries is bounded anyway.
AnswerClass classify_by_account(const AnswerClass& ambiguous, const ApiAccount* account);

} // namespace gleaner
