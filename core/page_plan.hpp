#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace gleaner {

struct PageLimits {
  std::uint32_t page_size = 100;             ///< 1 to the most of the provider's profile.
  std::uint32_t max_collect = 5000;          ///< Rows per job.
  std::uint32_t parallel_pages = 8;          ///< In flight or not yet kept at once, >= 1.
  std::optional<std::uint32_t> plan_cap;     ///< Most rows that the API plan serves, once learned.
  std::optional<std::uint32_t> credit_cap{}; ///< Most rows that a job may spend credits for.
};

/// A page to ask for.
struct PageSlice {
  std::uint32_t number = 1; ///< 1-based, by offset.
  std::uint32_t offset = 0;
  std::uint32_t limit = 0;
};

/// Decides which pages of a domain are asked for. The first page alone tells how many rows there
/// are; the others may then be in flight together and come back in any order. Offsets grow by what
/// was asked for, not by what came. Stops at the total, the row limits, an empty page or a page
/// without a new address; never asks past the end or twice for a page that was fetched. Of several
/// totals the one of the furthest page counts, so that the order of arrival makes no difference.
/// What a page of an earlier try left out is asked for once more, as that try may have ended
/// because the credits were not enough for all of it; the first such answer without a new address
/// shows that pages are short here anyway, and no further one is asked for.
class PagePlan {
public:
  explicit PagePlan(PageLimits limits);

  /// The next page to ask for, or nothing at the moment.
  std::optional<PageSlice> next();

  /// A page came; it takes up a place among the parallel ones until it is kept(). False when it was
  /// not in flight: a late copy, to be ignored.
  bool fetched(std::uint32_t offset, std::uint32_t rows, std::uint32_t new_addresses,
               std::uint32_t total);

  /// A page that came is safe now. False when it was not waited for.
  bool kept(std::uint32_t offset);

  /// A page that an earlier try of the job has fetched. To be called before the first next(), in
  /// the order of offsets; such a page is not asked for again. False when it overlaps another.
  bool restored(std::uint32_t offset, std::uint32_t limit, std::uint32_t rows,
                std::uint32_t new_addresses, std::uint32_t total);

  /// The page could not be had but shall be asked for again.
  void retry(std::uint32_t offset);

  /// The plan serves only `cap` rows. True when a first page was in flight and is to be asked for
  /// again with the smaller limit; otherwise what has been fetched stays and the plan ends there.
  /// Errors about a cap that was known already end the plan too.
  bool capped(std::uint32_t offset, std::uint32_t cap);

  bool in_flight(std::uint32_t offset) const { return in_flight_.contains(offset); }
  /// Nothing that was asked for is under way or not yet kept.
  bool settled() const { return in_flight_.empty() && unkept_.empty(); }
  /// All pages have come and nothing more will be asked for.
  bool all_fetched() const;
  /// And all are kept.
  bool done() const { return unkept_.empty() && all_fetched(); }
  std::uint32_t total() const noexcept { return total_; }
  std::uint32_t pages_fetched() const noexcept { return pages_fetched_; }
  PageSlice slice(std::uint32_t offset) const { return in_flight_.at(offset); }

  /// The most rows that are asked for.
  std::uint32_t row_limit() const;

  /// Pages told different totals: the domain changed while it was collected, or the API contradicts
  /// itself.
  bool total_changed() const noexcept { return total_changed_; }

  /// Why fewer rows than total() came: "plan_cap", "max_collect", "credit_cap", "ended_early",
  /// "short_pages", or "".
  std::string truncated() const;

private:
  std::uint32_t end() const;
  std::uint32_t free_from() const;
  void skip_restored();
  bool restored_rest(std::uint32_t offset, std::uint32_t limit, std::uint32_t rows,
                     std::uint32_t new_addresses, std::uint32_t total);
  void note_rest(std::uint32_t offset, std::uint32_t limit, std::uint32_t rows);
  bool rest_wanted() const;
  PageSlice ask_rest();
  void learn(std::uint32_t offset, std::uint32_t rows, std::uint32_t total);

  PageLimits limits_;
  std::map<std::uint32_t, PageSlice> in_flight_;
  std::set<std::uint32_t> unkept_;           ///< Offsets of pages that came and are not safe yet.
  std::map<std::uint32_t, PageSlice> again_; ///< To be asked for again, before any new page.
  std::map<std::uint32_t, std::uint32_t> restored_; ///< Limits by offset, from next_offset_ on.
  std::map<std::uint32_t, std::uint32_t> rests_;    ///< What restored pages left out, by offset.
  std::optional<std::uint32_t> rest_asked_;         ///< One at a time.
  bool short_anyway_ = false;
  std::uint32_t next_offset_ = 0;
  std::uint32_t next_number_ = 1;
  std::uint32_t total_ = 0;
  std::uint32_t total_from_ = 0; ///< Offset of the page that told it.
  std::uint32_t pages_fetched_ = 0;
  std::uint64_t rows_ = 0; ///< Of all pages.
  bool total_known_ = false;
  bool total_changed_ = false;
  std::optional<std::uint32_t> ended_at_; ///< Offset behind which there is nothing to fetch.
};

} // namespace gleaner
