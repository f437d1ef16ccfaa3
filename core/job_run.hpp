#pragma once

#include "core/collection.hpp"
#include "core/contact_merge.hpp"
#include "core/error.hpp"
#include "core/job.hpp"
#include "core/normalized_page.hpp"
#include "core/page_plan.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gleaner {

/// One try of one job, from take to end: which pages it wants, what it has collected, how it ends.
/// Makes no decision twice: what comes for a page that is not awaited, or after the end of the
/// fetching phase, is ignored. Pure; the coordinator carries out what it says.
class JobRun {
public:
  enum class Phase : std::uint8_t {
    restoring, ///< The pages of earlier tries are being read.
    fetching,  ///< Pages are wanted, awaited or not yet kept.
    storing,   ///< The collection is with the store.
    ending     ///< The end is with the queue.
  };

  /// `query_domain` is the A-label form of job.domain. Starts with `restoring` when the job has a
  /// ledger.
  JobRun(TakenJob job, std::string query_domain, PageLimits limits);

  const TakenJob& job() const noexcept { return job_; }
  const std::string& query_domain() const noexcept { return query_domain_; }
  Phase phase() const noexcept { return phase_; }

  /// Where jobs take turns, one of stride 2 has half as many as one of stride 1: 1 without a
  /// priority, 2 for priority 1, 3 for 2 and 3, 4 for 4 to 7 ...
  std::uint32_t stride() const;

  /// Tells the pages of this job from those of another one with its id.
  std::string ledger_identity() const;

  /// A page of the ledger; after the last one restored() is to be called. @pre phase() == restoring
  void restore(std::uint32_t offset, std::uint32_t limit, NormalizedPage page);

  /// All of the ledger has been read; `at_ms` is its time. Enters `fetching`; how many of the pages
  /// count. @pre phase() == restoring
  std::uint32_t restored(std::int64_t at_ms);

  /// The next page to ask for, or nothing at the moment.
  std::optional<PageSlice> next_page();

  /// True while the page is awaited.
  bool awaits(std::uint32_t offset) const;

  /// A page was read. What to show once it is kept, that of the last page ends with `normalizing`;
  /// nothing when the page was not awaited; an error when the answer contradicts itself and the try
  /// must fail.
  Result<std::vector<Progress>> add_page(std::uint32_t offset, NormalizedPage page);

  /// The page is in the ledger now, `at_ms` by the queue's clock. False when it was not waited for.
  bool kept(std::uint32_t offset, std::int64_t at_ms);

  /// How the page was asked for. @pre awaits(offset)
  PageSlice slice(std::uint32_t offset) const { return plan_.slice(offset); }

  /// The page was not asked for after all, or its answer can't be had: it is wanted again.
  void want_again(std::uint32_t offset);

  /// The page's body could not be read: true when it is to be asked for again (once per page).
  bool ask_again(std::uint32_t offset);

  /// The plan serves only `cap` rows; an error when not even the first page can be had.
  Status plan_capped(std::uint32_t offset, std::uint32_t cap);

  /// A page was refused for the time being.
  Progress rate_limited(std::uint32_t offset, std::chrono::milliseconds wait) const;

  /// The job is put back for so long, because the API has nothing for it now.
  Progress parked(std::chrono::milliseconds wait) const;

  Progress starting() const;

  /// Nothing that was asked for is under way or not yet kept: the job can be put back without loss.
  bool settled() const { return phase_ == Phase::restoring || plan_.settled(); }

  /// All pages are here and kept: nothing more to fetch.
  bool complete() const { return phase_ == Phase::fetching && plan_.done(); }

  /// Nothing when add_page() has told it.
  std::optional<Progress> normalizing();

  /// Whether a collection that is there is what this job would make, were it the same time;
  /// `plan_cap`: of its key, as known by now.
  bool would_repeat(const CollectionInfo& stored, std::optional<std::uint32_t> plan_cap) const;

  /// Such a one stands for this job's: enters `ending`.
  JobEnd reuse(const CollectionInfo& stored);

  /// Hands over what was collected and enters `storing`. Made of the kept pages and their time
  /// alone, so that everyone who has the same ledger stores the same. @pre complete()
  Collection collect();

  /// The collection is stored: enters `ending`. @pre phase() == storing
  JobEnd succeed();

  /// The try failed: enters `ending`. `random` in [0, 1) is for the jitter of the retry.
  JobEnd fail(const Error& why, double random);

  /// Rows merged into another by address; known from collect() on.
  std::uint32_t duplicates() const noexcept { return duplicates_; }

  std::uint32_t pages_fetched() const noexcept { return plan_.pages_fetched(); }

  /// The pages told different totals.
  bool total_changed() const noexcept { return plan_.total_changed(); }

private:
  struct RestoredPage {
    std::uint32_t limit = 0;
    NormalizedPage page;
  };
  TakenJob job_;
  std::string query_domain_;
  PagePlan plan_;
  ContactMerge contacts_;
  std::set<std::uint32_t> asked_again_;
  PageHeader header_;
  std::uint32_t rejected_ = 0;
  std::uint32_t duplicates_ = 0;
  bool normalizing_told_ = false;
  std::map<std::uint32_t, RestoredPage> restoring_; ///< By offset.
  std::int64_t kept_at_ms_ = 0;                     ///< Of the last page.
  JobResult result_;
  Phase phase_;
};

} // namespace gleaner
