#include "core/page_plan.hpp"

#include <algorithm>
#include <cassert>

namespace gleaner {

PagePlan::PagePlan(PageLimits limits) : limits_(limits) {
  assert(limits_.page_size >= 1 && limits_.parallel_pages >= 1);
}

std::uint32_t PagePlan::row_limit() const {
  return std::min({limits_.max_collect, limits_.plan_cap.value_or(limits_.max_collect),
                   limits_.credit_cap.value_or(limits_.max_collect)});
}

std::uint32_t PagePlan::end() const {
  const auto rows = total_known_ ? std::min(total_, row_limit()) : row_limit();
  return ended_at_ ? std::min(rows, *ended_at_) : rows;
}

std::optional<PageSlice> PagePlan::next() {
  if (in_flight_.size() + unkept_.size() >= limits_.parallel_pages)
    return std::nullopt;
  if (!again_.empty()) {
    const auto slice = again_.begin()->second;
    again_.erase(again_.begin());
    in_flight_.emplace(slice.offset, slice);
    return slice;
  }
  if (rest_wanted() && !rest_asked_)
    return ask_rest();
  skip_restored();
  const bool first = next_offset_ == 0;
  if ((!first && !total_known_) || next_offset_ >= end())
    return std::nullopt;
  // The row limit shortens the last page; the total does not, because it may be out of date.
  const auto gap = restored_.empty() ? row_limit() : restored_.begin()->first;
  const auto limit = std::min({limits_.page_size, row_limit() - next_offset_, gap - next_offset_});
  const PageSlice slice{next_number_++, next_offset_, limit};
  next_offset_ += limit;
  in_flight_.emplace(slice.offset, slice);
  return slice;
}

/// Where restored pages end.
std::uint32_t PagePlan::free_from() const {
  return restored_.empty() ? next_offset_ : restored_.rbegin()->first + restored_.rbegin()->second;
}

void PagePlan::skip_restored() {
  while (!restored_.empty() && restored_.begin()->first <= next_offset_) {
    next_offset_ += restored_.begin()->second;
    ++next_number_;
    restored_.erase(restored_.begin());
  }
}

bool PagePlan::rest_wanted() const {
  return !rests_.empty() && rests_.begin()->first < end();
}

PageSlice PagePlan::ask_rest() {
  const auto [offset, rows] = *rests_.begin();
  rests_.erase(rests_.begin());
  const auto limit = std::min({limits_.page_size, rows, row_limit() - offset});
  if (limit < rows)
    rests_.emplace(offset + limit, rows - limit);
  rest_asked_ = offset;
  const PageSlice slice{offset / limits_.page_size + 1, offset, limit};
  in_flight_.emplace(offset, slice);
  return slice;
}

void PagePlan::note_rest(std::uint32_t offset, std::uint32_t limit, std::uint32_t rows) {
  if (rows < limit && !short_anyway_)
    rests_.emplace(offset + rows, limit - rows);
}

void PagePlan::learn(std::uint32_t offset, std::uint32_t rows, std::uint32_t total) {
  ++pages_fetched_;
  rows_ += rows;
  total_changed_ = total_changed_ || (total_known_ && total != total_);
  if (total_known_ && offset < total_from_)
    return;
  total_ = total;
  total_from_ = offset;
  total_known_ = true;
}

bool PagePlan::restored_rest(std::uint32_t offset, std::uint32_t limit, std::uint32_t rows,
                             std::uint32_t new_addresses, std::uint32_t total) {
  const auto left = rests_.at(offset);
  if (limit == 0 || limit > left)
    return false;
  rests_.erase(offset);
  learn(offset, rows, total);
  note_rest(offset, left, rows);
  if (new_addresses == 0) {
    short_anyway_ = true;
    rests_.clear();
  }
  return true;
}

bool PagePlan::restored(std::uint32_t offset, std::uint32_t limit, std::uint32_t rows,
                        std::uint32_t new_addresses, std::uint32_t total) {
  if (rests_.contains(offset))
    return restored_rest(offset, limit, rows, new_addresses, total);
  if (limit == 0 || offset < free_from() || offset >= row_limit())
    return false;
  restored_.emplace(offset, limit);
  skip_restored();
  learn(offset, rows, total);
  if (rows == 0)
    ended_at_ = std::min(ended_at_.value_or(offset), offset);
  else if (new_addresses == 0)
    ended_at_ = std::min(ended_at_.value_or(offset + limit), offset + limit);
  else
    note_rest(offset, limit, rows);
  return true;
}

bool PagePlan::fetched(std::uint32_t offset, std::uint32_t rows, std::uint32_t new_addresses,
                       std::uint32_t total) {
  if (in_flight_.erase(offset) == 0)
    return false;
  unkept_.insert(offset);
  learn(offset, rows, total);
  if (rest_asked_ == offset) {
    rest_asked_.reset();
    if (new_addresses == 0)
      rests_.clear();
  } else if (rows == 0)
    ended_at_ = std::min(ended_at_.value_or(offset), offset);
  else if (new_addresses == 0)
    ended_at_ = std::min(ended_at_.value_or(next_offset_), next_offset_);
  std::erase_if(again_, [&](const auto& entry) { return entry.first >= end(); });
  return true;
}

bool PagePlan::kept(std::uint32_t offset) {
  return unkept_.erase(offset) > 0;
}

void PagePlan::retry(std::uint32_t offset) {
  if (const auto node = in_flight_.extract(offset))
    again_.emplace(offset, node.mapped());
}

bool PagePlan::capped(std::uint32_t offset, std::uint32_t cap) {
  const auto node = in_flight_.extract(offset);
  if (!node)
    return false;
  const bool learned = !limits_.plan_cap || cap < *limits_.plan_cap;
  limits_.plan_cap = std::min(cap, limits_.plan_cap.value_or(cap));
  if (offset == 0 && learned && cap > 0) {
    const auto limit = std::min(limits_.page_size, row_limit());
    again_.emplace(0, PageSlice{1, 0, limit});
    next_offset_ = limit;
    return true;
  }
  ended_at_ = std::min(ended_at_.value_or(offset), offset);
  again_.clear();
  return false;
}

bool PagePlan::all_fetched() const {
  if (!in_flight_.empty() || !again_.empty() || rest_wanted() ||
      (!restored_.empty() && restored_.begin()->first < end()))
    return false;
  return next_offset_ >= end() || (next_offset_ > 0 && !total_known_);
}

std::string PagePlan::truncated() const {
  if (limits_.credit_cap == 0u)
    return "credit_cap";
  if (limits_.plan_cap && total_ > *limits_.plan_cap)
    return "plan_cap";
  if (const auto cap = limits_.credit_cap;
      cap && *cap < limits_.max_collect && total_ > *cap && (!ended_at_ || *ended_at_ >= *cap))
    return "credit_cap";
  if (total_ > limits_.max_collect && (!ended_at_ || *ended_at_ >= limits_.max_collect))
    return "max_collect";
  const auto rows = std::min(total_, row_limit());
  if (ended_at_ && *ended_at_ < rows)
    return "ended_early";
  return rows_ < rows ? "short_pages" : "";
}

} // namespace gleaner
