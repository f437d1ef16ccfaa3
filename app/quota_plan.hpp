#pragma once

#include "core/api_answer.hpp"
#include "core/config.hpp"
#include "core/credits.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace gleaner {

/// What the account and the key's floor let be spent, or nothing when the account does not say.
std::optional<double> spendable(const ApiAccount& account, const CreditCaps& caps);

/// What collecting some domains would take. Pure.
class QuotaPlan {
public:
  /// `credits`: what may be spent, if that is known.
  QuotaPlan(const ApiConfig& config, ApiKey key, const SearchCost& cost,
            std::optional<double> credits);

  /// A domain with so many contacts; `line`: where it came from.
  void add(std::uint32_t contacts, std::uint64_t line);

  std::uint64_t domains() const noexcept { return domains_; }
  std::uint64_t contacts() const noexcept { return contacts_; } ///< That would be asked for.
  std::uint64_t pages() const noexcept { return pages_; }
  double credits() const noexcept { return spent_; }

  /// How long the API's limits let it take at least.
  std::chrono::milliseconds least_time() const;

  /// The credits are not enough.
  bool exceeds() const noexcept { return runs_out_at_.has_value(); }
  /// The line whose domain would be the first without.
  std::optional<std::uint64_t> runs_out_at() const noexcept { return runs_out_at_; }

private:
  SearchCost cost_;
  std::uint32_t page_size_;
  std::uint32_t most_rows_; ///< Of one job.
  std::vector<RateWindow> limits_;
  std::optional<double> budget_;
  std::uint64_t domains_ = 0, contacts_ = 0, pages_ = 0;
  double spent_ = 0;
  std::optional<std::uint64_t> runs_out_at_;
};

} // namespace gleaner
