#pragma once

#include "tests/simulator/accounts.hpp"

#include <cstdint>
#include <optional>

namespace gleaner::sim {

/// What became of the bill for a search.
struct Charge {
  std::optional<Answer> refusal; ///< Not enough left.
  std::uint32_t rows = 0;        ///< What may be delivered.
  double credits = 0;
};

/// Charges `account` for `rows` rows: ceil(rows / 10) by default, nothing when there are none or
/// when the same search (`hash`) was paid for in this billing period. A page that costs more than
/// what is left is refused, or delivered in part when `quota_style` is "partial".
Charge charge_search(Account& account, const Switches& switches, std::uint64_t hash,
                     std::uint32_t rows);

} // namespace gleaner::sim
