#include "app/quota_plan.hpp"

#include <algorithm>
#include <utility>

namespace gleaner {

std::optional<double> spendable(const ApiAccount& account, const CreditCaps& caps) {
  if (has_no_credits(account))
    return 0;
  if (!account.credits_remaining)
    return std::nullopt;
  return std::max(0., *account.credits_remaining - caps.floor.value_or(0));
}

QuotaPlan::QuotaPlan(const ApiConfig& config, ApiKey key, const SearchCost& cost,
                     std::optional<double> credits)
    : cost_(cost), page_size_(config.page_size), most_rows_(config.max_collect),
      limits_(std::move(key.limits)), budget_(credits) {
  if (key.caps.per_job)
    most_rows_ = std::min(most_rows_, rows_within(*key.caps.per_job, page_size_, cost_));
}

void QuotaPlan::add(std::uint32_t contacts, std::uint64_t line) {
  auto left = std::min(contacts, most_rows_);
  ++domains_;
  contacts_ += left;
  do { // of nobody the first page tells
    const auto rows = std::min(left, page_size_);
    ++pages_;
    spent_ += cost_.credits_for(rows);
    left -= rows;
  } while (left > 0);
  if (budget_ && spent_ > *budget_ && !runs_out_at_)
    runs_out_at_ = line;
}

/// So many whole periods of each window, as the last page of the first period goes out at once.
std::chrono::milliseconds QuotaPlan::least_time() const {
  std::chrono::milliseconds longest{0};
  for (const auto& window : limits_)
    if (pages_ > 0)
      longest = std::max(longest,
                         window.period * static_cast<std::int64_t>((pages_ - 1) / window.requests));
  return longest;
}

} // namespace gleaner
