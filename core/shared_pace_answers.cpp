#include "core/shared_pace.hpp"

#include <algorithm>
#include <utility>

/// The part of SharedPace that takes the budget's answers.
namespace gleaner {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

/// Who has used permits lately reports at least so often: a state that was lost is noticed in time.
constexpr milliseconds report_interval{3000};
constexpr milliseconds retry_pause{1000};

} // namespace

/// Every exchange tells where the queue's clock was at some time between request and answer, and
/// the quickest ones tell it best. False when it has stepped since the last one by more than the
/// windows have to spare: of what they are watched for beyond their length, permits may be used
/// late by a half, and what is not known of the clock takes up to a quarter (`spread`).
bool SharedPace::read_clock(std::int64_t queue_ms, Time now) {
  const milliseconds shown{queue_ms};
  const ClockOffset read{sent_at_ - shown, now - shown, now};
  const auto known = std::exchange(offset_, read);
  if (!known)
    return true;
  const auto drift = (now - known->read_at) / 1000;
  offset_->low = std::max(read.low, known->low - drift);
  offset_->high = std::min(read.high, known->high + drift);
  if (offset_->low <= offset_->high)
    return true;
  const auto gap = offset_->low - offset_->high;
  offset_ = read;
  return gap <= tolerance_ / 2;
}

void SharedPace::answered(const BudgetAnswer& answer, Time now) {
  in_flight_ = false;
  refused_.erase(refused_.begin(), refused_.begin() + static_cast<std::ptrdiff_t>(refused_sent_));
  failures_ = 0;
  charges_.erase(charges_.begin(), charges_.begin() + static_cast<std::ptrdiff_t>(charges_sent_));
  mark_ = answer.mark;
  began_ms_ = std::min(began_ms_.value_or(answer.now_ms), answer.now_ms);
  credits_ = answer.credits;
  if (credits_.account_read && !tell_remaining_) {
    account_read_ = true;
    remaining_ = credits_.remaining;
    account_asked_at_.reset();
  } else if (account_read_) { // Redis has lost it
    tell_remaining_ = true;
  }
  share_ = answer.share;
  stepped_ = !read_clock(answer.now_ms, now);
  urgent_ = urgent_ || stepped_;
  round_trip_ = now - sent_at_;
  lead_ = std::max<Duration>(round_trip_, lead_ * 9 / 10);
  report_at_ = now + report_interval;
  ask_at_ = now + (clock_is_vague() ? retry_pause : answer.next);
  take_over(answer.permits, now);
}

void SharedPace::take_over(const std::vector<Permit>& permits, Time now) {
  for (const auto& permit : permits) {
    const milliseconds at{permit.at_ms};
    if (closed_ || stepped_ || need_sent_ < need_) // granted by what is not true, or for less
      unused(permit);
    else
      in_hand_.push_back({permit, offset_->high + at,
                          std::min(offset_->low + spread_sent_, offset_->high) + at + tolerance_,
                          need_sent_});
  }
  drop_late(now);
  if (!in_hand_.empty())
    late_ = 0;
  else if (asked_ && need_sent_ >= need_ && (!permits.empty() || clock_is_vague()))
    ++late_;
}

std::optional<milliseconds> SharedPace::too_late() const {
  constexpr std::uint32_t late_enough = 3;
  return late_ >= late_enough ? std::optional{duration_cast<milliseconds>(round_trip_)}
                              : std::nullopt;
}

void SharedPace::failed(Time now) {
  in_flight_ = false;
  ++failures_;
  for (const auto& permit :
       unused_sent_) // their times may be someone else's by now, their credits not
    charges_.push_back({permit, 0});
  probe_honoured_ = probe_honoured_ || probe_sent_;
  tell_remaining_ = tell_remaining_ || remaining_sent_;
  urgent_ = urgent_ || closed_ || probe_honoured_ || !refused_.empty();
  not_before_ = now + retry_pause;
}

} // namespace gleaner
