#include "core/job_run.hpp"

#include "core/backoff.hpp"
#include "core/iso_time.hpp"

#include <algorithm>
#include <bit>
#include <type_traits>
#include <utility>
#include <variant>

namespace gleaner {

JobRun::JobRun(TakenJob job, std::string query_domain, PageLimits limits)
    : job_(std::move(job)), query_domain_(std::move(query_domain)), plan_(limits),
      phase_(job_.ledger_pages > 0 ? Phase::restoring : Phase::fetching) {}

std::uint32_t JobRun::stride() const {
  return 1 + static_cast<std::uint32_t>(std::bit_width(job_.priority));
}

std::string JobRun::ledger_identity() const {
  return std::to_string(job_.timestamp_ms) + ' ' + query_domain_;
}

void JobRun::restore(std::uint32_t offset, std::uint32_t limit, NormalizedPage page) {
  restoring_.insert_or_assign(offset, RestoredPage{limit, std::move(page)});
}

std::uint32_t JobRun::restored(std::int64_t at_ms) {
  phase_ = Phase::fetching;
  kept_at_ms_ = at_ms;
  for (auto& [offset, restored] : restoring_) {
    auto& [limit, page] = restored;
    const auto fresh = contacts_.count_new(page.contacts);
    if (!plan_.restored(offset, limit, page.header.rows, fresh, page.header.total))
      continue;
    contacts_.add(offset, std::move(page.contacts));
    rejected_ += page.rejected;
    if (offset == 0)
      header_ = std::move(page.header);
  }
  restoring_.clear();
  return plan_.pages_fetched();
}

std::optional<PageSlice> JobRun::next_page() {
  return phase_ == Phase::fetching ? plan_.next() : std::nullopt;
}

bool JobRun::awaits(std::uint32_t offset) const {
  return phase_ == Phase::fetching && plan_.in_flight(offset);
}

Result<std::vector<Progress>> JobRun::add_page(std::uint32_t offset, NormalizedPage page) {
  if (!awaits(offset))
    return std::vector<Progress>{};
  if (offset == 0 && page.header.rows == 0 && page.header.total > 0)
    return Error{Errc::body_malformed, "the API announces " + std::to_string(page.header.total) +
                                         " results for " + query_domain_ + " but lists none"};
  const auto slice = plan_.slice(offset);
  const auto fresh = contacts_.add(offset, std::move(page.contacts));
  plan_.fetched(offset, page.header.rows, fresh, page.header.total);
  rejected_ += page.rejected;
  if (offset == 0)
    header_ = std::move(page.header);
  Progress progress;
  progress.status = ProgressStatus::fetching;
  progress.domain = job_.domain;
  progress.page = slice.number;
  progress.collected = contacts_.distinct();
  progress.total = plan_.total();
  progress.percent =
    progress.total == 0 ? 100 : std::min(100u, 100 * progress.collected / progress.total);
  std::vector steps{std::move(progress)};
  if (plan_.all_fetched())
    if (auto last = normalizing())
      steps.push_back(std::move(*last));
  return steps;
}

bool JobRun::kept(std::uint32_t offset, std::int64_t at_ms) {
  if (!plan_.kept(offset))
    return false;
  kept_at_ms_ = at_ms;
  return true;
}

void JobRun::want_again(std::uint32_t offset) {
  if (awaits(offset))
    plan_.retry(offset);
}

bool JobRun::ask_again(std::uint32_t offset) {
  if (!awaits(offset) || !asked_again_.insert(offset).second)
    return false;
  plan_.retry(offset);
  return true;
}

Status JobRun::plan_capped(std::uint32_t offset, std::uint32_t cap) {
  if (!awaits(offset) || plan_.capped(offset, cap) || plan_.pages_fetched() > 0)
    return Done{};
  return Error{Errc::api_rejected,
               "the API plan is limited to " + std::to_string(cap) + " addresses per search"};
}

Progress JobRun::starting() const {
  Progress progress;
  progress.status = ProgressStatus::starting;
  progress.domain = job_.domain;
  return progress;
}

Progress JobRun::parked(std::chrono::milliseconds wait) const {
  Progress progress;
  progress.status = ProgressStatus::rate_limited;
  progress.domain = job_.domain;
  progress.page = plan_.pages_fetched() + 1;
  progress.backoff = wait;
  progress.collected = contacts_.distinct();
  return progress;
}

Progress JobRun::rate_limited(std::uint32_t offset, std::chrono::milliseconds wait) const {
  auto progress = parked(wait);
  progress.page = awaits(offset) ? plan_.slice(offset).number : 1;
  return progress;
}

std::optional<Progress> JobRun::normalizing() {
  if (std::exchange(normalizing_told_, true))
    return std::nullopt;
  Progress progress;
  progress.status = ProgressStatus::normalizing;
  progress.domain = job_.domain;
  progress.collected = contacts_.distinct();
  progress.total = plan_.total();
  return progress;
}

Collection JobRun::collect() {
  phase_ = Phase::storing;
  auto now = iso_time(kept_at_ms_);
  Collection collection;
  collection.domain = job_.domain;
  collection.collected_at = now;
  collection.total = plan_.total();
  auto& metadata = collection.metadata;
  metadata.job_id = job_.lock.job_id;
  metadata.processed_at = std::move(now);
  metadata.truncated = plan_.truncated();
  metadata.pages = plan_.pages_fetched();
  metadata.duplicates = duplicates_ = contacts_.duplicates();
  metadata.rejected = rejected_;
  metadata.organization = header_.organization;
  metadata.pattern = header_.pattern;
  metadata.accept_all = header_.accept_all;
  metadata.webmail = header_.webmail;
  metadata.disposable = header_.disposable;
  collection.items = contacts_.take();
  result_ = {job_.domain, static_cast<std::uint32_t>(collection.items.size()), collection.total,
             collection.collected_at, metadata.truncated};
  return collection;
}

/// What ended early may have been an accident; a limit may have been raised since. Pages that are
/// short come as short again.
bool JobRun::would_repeat(const CollectionInfo& stored,
                          std::optional<std::uint32_t> plan_cap) const {
  const auto most = plan_.row_limit();
  return stored.truncated.empty() || stored.truncated == "short_pages" ||
         stored.rows >= std::min(most, plan_cap.value_or(most));
}

JobEnd JobRun::reuse(const CollectionInfo& stored) {
  result_ = {job_.domain, stored.items, stored.total, stored.collected_at, stored.truncated, true};
  auto end = succeed();
  end.progress->fresh = true;
  return end;
}

JobEnd JobRun::succeed() {
  phase_ = Phase::ending;
  JobEnd end;
  end.kind = JobEnd::Kind::completed;
  end.result = result_;
  Progress progress;
  progress.status = ProgressStatus::completed;
  progress.domain = job_.domain;
  progress.items_saved = result_.items_collected;
  progress.total = result_.total;
  end.progress = progress;
  return end;
}

JobEnd JobRun::fail(const Error& why, double random) {
  phase_ = Phase::ending;
  JobEnd end;
  end.failed_reason = describe(why);
  std::visit(
    [&](const auto& decision) {
      using Decision = std::decay_t<decltype(decision)>;
      if constexpr (std::is_same_v<Decision, FailForGood>)
        end.kind = JobEnd::Kind::failed;
      else if constexpr (std::is_same_v<Decision, RetryNow>)
        end.kind = JobEnd::Kind::retried_now;
      else {
        end.kind = JobEnd::Kind::retried_later;
        end.delay = decision.delay;
      }
    },
    decide_retry(job_, why.code, random));
  Progress progress;
  progress.status = ProgressStatus::failed;
  progress.domain = job_.domain;
  progress.error = end.failed_reason;
  progress.code = to_string(why.code);
  end.progress = progress;
  return end;
}

} // namespace gleaner
