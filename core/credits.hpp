#pragma once

#include "core/error.hpp"
#include "core/permit.hpp"
#include "core/search_cost.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace gleaner {

/// What may be spent with one key, in credits by our own count. Days and months are those of UTC.
struct CreditCaps {
  std::optional<std::uint32_t> per_job;
  std::optional<std::uint32_t> per_day;
  std::optional<std::uint32_t> per_month;
  std::optional<std::uint32_t> floor; ///< What the account must have left.

  /// There are such that all who share the key keep together.
  bool shared() const noexcept { return per_day || per_month || floor; }
};

/// The most rows, asked for in pages of `page_size`, that so many credits are enough for.
std::uint32_t rows_within(std::uint32_t credits, std::uint32_t page_size, const SearchCost& cost);

/// What is counted for a key: nothing as long as a page costs nothing.
struct CreditRules {
  CreditCaps caps;
  double page_cost = 0; ///< The most that a page can cost: reserved before it is asked for.
};

/// What the page of a permit has really cost.
struct Charge {
  Permit permit;
  double credits = 0;
};

/// Why no page may be asked for.
enum class SpendingStop : std::uint8_t {
  none,
  per_day,   ///< CreditCaps::per_day is reached.
  per_month, ///< Likewise.
  floor,     ///< The account has no more than CreditCaps::floor left.
  drained    ///< The operator has taken the key out of use.
};

/// How the credits of a key stand, for all who share it.
struct CreditState {
  double spent_today = 0;      ///< With what is reserved.
  double spent_this_month = 0; ///< Likewise.
  double reserved = 0;         ///< For pages that are under way.
  bool account_read = false;   ///< It was once, by whoever shares the key.
  std::optional<double>
    remaining; ///< Of the account: what it said last, less what was spent since.
  SpendingStop stop = SpendingStop::none;
  std::chrono::milliseconds stop_for{0}; ///< 0: nobody knows.
  /// Nothing may be spent until pages that are under way tell their cost, or for so long; 0: not
  /// so.
  std::chrono::milliseconds settling{0};
};

/// The cap, or the floor, that leaves less than a page may cost even when what is under way turns
/// out free; none: there is room. Looks at nothing but the figures.
SpendingStop reached_cap(const CreditState& credits, const CreditCaps& caps, double page_cost);

/// Without needless zeros: "12", "0.5"; "-" for an unknown number.
std::string show_credits(std::optional<double> credits);

/// Why nothing may be spent, as the failure of whoever wants to. @pre credits.stop is set
Error why_stopped(const CreditState& credits, const CreditCaps& caps);

} // namespace gleaner
