#include "core/shared_pace.hpp"

#include <algorithm>
#include <utility>

namespace gleaner {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr std::size_t most_wanted = 256;

} // namespace

SharedPace::SharedPace(const std::vector<RateWindow>& windows)
    : tolerance_(permit_tolerance(windows)) {
  for (const auto& window : watch(windows))
    longest_ = std::max<Duration>(longest_, window.watched);
}

void SharedPace::drop_late(Time now) {
  while (!in_hand_.empty() && in_hand_.front().until <= now) {
    unused(in_hand_.front().permit);
    in_hand_.pop_front();
  }
}

void SharedPace::need(double credits) {
  need_ = credits;
  for (const auto& each : in_hand_)
    if (each.reserved < need_)
      unused(each.permit);
  std::erase_if(in_hand_, [this](const auto& each) { return each.reserved < need_; });
}

std::optional<SharedPace::InHand> SharedPace::take(Time now) {
  drop_late(now);
  if (in_hand_.empty() || in_hand_.front().from > now)
    return std::nullopt;
  const auto next = in_hand_.front();
  in_hand_.pop_front();
  last_used_ = now;
  return next;
}

bool SharedPace::is_ours(const Permit& permit) const {
  return began_ms_ && permit.at_ms >= *began_ms_;
}

void SharedPace::unused(const Permit& permit) {
  if (!is_ours(permit))
    return;
  unused_.push_back(permit);
  urgent_ = urgent_ || closed_;
}

void SharedPace::honoured(const Permit& permit) {
  if (!is_ours(permit))
    return;
  honoured_ms_ = std::max(honoured_ms_, permit.at_ms);
  if (permit.probe)
    probe_honoured_ = urgent_ = true;
}

void SharedPace::refused(const Permit& permit, milliseconds wait) {
  if (!is_ours(permit))
    return;
  refused_.push_back({permit, wait});
  for (const auto& each : in_hand_)
    unused(each.permit);
  in_hand_.clear();
  urgent_ = true;
}

void SharedPace::charged(const Charge& charge) {
  if (!is_ours(charge.permit))
    return;
  charges_.push_back(charge);
  urgent_ = true; // who ends soon could not tell it later
}

void SharedPace::account_read(std::optional<double> remaining, Time asked_at,
                              std::string reset_date) {
  account_read_ = true;
  reset_date_ = std::move(reset_date);
  remaining_ = remaining;
  account_asked_at_ = asked_at;
  tell_remaining_ = urgent_ = true;
}

void SharedPace::close() {
  closed_ = true;
  urgent_ = urgent_ || !unused_.empty() || !charges_.empty();
  for (const auto& each : in_hand_)
    unused(each.permit);
  in_hand_.clear();
}

bool SharedPace::settled() const {
  return !in_flight_ && !urgent_ && unused_.empty() && charges_.empty();
}

bool SharedPace::has_report() const {
  return used_lately(report_at_) || !unused_.empty() || !charges_.empty();
}

bool SharedPace::used_lately(Time now) const {
  return last_used_ && now < *last_used_ + longest_;
}

/// How much later than it has surely begun the time of a permit may have begun.
milliseconds SharedPace::spread(Time now) const {
  if (!offset_)
    return milliseconds{0};
  const auto known = offset_->high - offset_->low + (now - offset_->read_at) / 500;
  const auto width = std::min<Duration>(known, lead_); // the answer tells it as well
  return width <= tolerance_ / 2 ? milliseconds{0} : std::chrono::ceil<milliseconds>(width);
}

/// Too little is known of what the queue's clock shows: others would have to wait too long.
bool SharedPace::clock_is_vague() const {
  constexpr milliseconds most_spread{1000};
  return spread_sent_ > most_spread;
}

std::optional<BudgetRequest> SharedPace::request(std::size_t waiting, Time now) {
  if (in_flight_ || now < not_before_)
    return std::nullopt;
  drop_late(now);
  const auto missing = waiting > in_hand_.size() ? waiting - in_hand_.size() : 0;
  const bool asks = missing > 0 && !closed_ && now >= ask_at_;
  const bool reports = has_report() && now >= report_at_;
  if (!asks && !urgent_ && !reports)
    return std::nullopt;
  BudgetRequest request;
  asked_ = asks;
  spread_sent_ = spread(now);
  if (asks && !clock_is_vague())
    request.wanted = static_cast<std::uint32_t>(std::min(missing, most_wanted));
  request.spread = spread_sent_;
  request.page_cost = need_sent_ = need_;
  request.lead = duration_cast<milliseconds>(std::max<Duration>(lead_ - spread_sent_, {}));
  if (used_lately(now) || !in_hand_.empty())
    request.known = mark_;
  request.clock_stepped = std::exchange(stepped_, false);
  request.unused = unused_sent_ = std::exchange(unused_, {});
  request.failures = failures_;
  request.refused = refused_; // kept until they have surely arrived
  request.honoured_ms = honoured_ms_;
  request.probe_honoured = probe_sent_ = std::exchange(probe_honoured_, false);
  refused_sent_ = refused_.size();
  request.charges = charges_;
  charges_sent_ = charges_.size();
  urgent_ = false;
  add_account(request);
  in_flight_ = true;
  sent_at_ = now;
  return request;
}

/// Not before it is known what the queue's clock showed when the account was asked.
void SharedPace::add_account(BudgetRequest& request) {
  remaining_sent_ = tell_remaining_ && (offset_ || !account_asked_at_);
  urgent_ = tell_remaining_ && !remaining_sent_;
  if (!remaining_sent_)
    return;
  tell_remaining_ = false;
  request.account_read = true;
  request.remaining = remaining_;
  request.reset_date = reset_date_;
  if (account_asked_at_)
    request.remaining_at_ms =
      std::chrono::floor<milliseconds>(*account_asked_at_ - offset_->high).count();
}

std::optional<SharedPace::Time> SharedPace::next_look(std::size_t waiting) const {
  std::optional<Time> next;
  const auto consider = [&](Time time) { next = std::min(next.value_or(time), time); };
  if (waiting > 0 && !in_hand_.empty())
    consider(in_hand_.front().from);
  if (in_flight_)
    return next;
  if (urgent_)
    consider(not_before_);
  if (waiting > in_hand_.size())
    consider(std::max(ask_at_, not_before_));
  if (has_report())
    consider(std::max(report_at_, not_before_));
  return next;
}

} // namespace gleaner
