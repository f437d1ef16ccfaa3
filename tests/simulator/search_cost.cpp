#include "tests/simulator/search_cost.hpp"

#include <algorithm>

namespace gleaner::sim {

namespace {

double cost_of(const Switches& switches, std::uint32_t rows) {
  if (rows == 0)
    return 0;
  if (switches.cost == "per-request")
    return 1;
  return switches.cost == "per-email" ? rows : (rows + 9) / 10;
}

std::uint32_t affordable_rows(const Switches& switches, double credits, std::uint32_t rows) {
  if (credits < 1)
    return 0;
  const auto whole = static_cast<std::uint32_t>(std::min(credits, 1e6));
  return std::min(rows, switches.cost == "per-email" ? whole : whole * 10);
}

Charge refusal(Account& account, const Switches& switches) {
  Charge charge;
  account.quota_answered = true;
  if (switches.quota_style == "402")
    charge.refusal = payment_answer();
  else if (switches.quota_style == "restricted")
    charge.refusal = restricted_answer();
  else
    charge.refusal = quota_answer();
  return charge;
}

} // namespace

Charge charge_search(Account& account, const Switches& switches, std::uint64_t hash,
                     std::uint32_t rows) {
  Charge charge;
  charge.rows = rows;
  if (rows == 0 || (switches.repeat_free && account.paid.contains(hash)))
    return charge;
  charge.credits = cost_of(switches, rows);
  if (charge.credits > account.remaining()) {
    const bool in_part = switches.quota_style == "partial";
    charge.rows = in_part ? affordable_rows(switches, account.remaining(), rows) : 0;
    if (charge.rows == 0)
      return refusal(account, switches);
    charge.credits = cost_of(switches, charge.rows);
  }
  account.used += charge.credits;
  if (charge.rows == rows) // the rest of a page in part is still to be paid for
    account.paid.insert(hash);
  return charge;
}

} // namespace gleaner::sim
