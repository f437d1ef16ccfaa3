#include "core/remote_clock.hpp"

#include <cstddef>
#include <iterator>

namespace gleaner {

namespace {

constexpr std::size_t most_open = 64;          // older questions will not be answered
constexpr std::chrono::seconds best_lasts{60}; // clocks drift apart by some ten us a second

} // namespace

void RemoteClock::asked(std::uint64_t number, Time now) {
  open_.insert_or_assign(number, now);
  if (open_.size() > most_open)
    open_.erase(open_.begin());
}

bool RemoteClock::answered(std::uint64_t number, Time now, Time theirs) {
  const auto question = open_.find(number);
  if (question == open_.end())
    return false;
  const auto sent = question->second;
  open_.erase(open_.begin(), std::next(question));
  const auto round_trip = now - sent;
  if (!best_ || round_trip < best_->round_trip || now - best_->at >= best_lasts)
    best_ = Sample{theirs - now, round_trip, now};
  return true;
}

std::optional<RemoteClock::Time> RemoteClock::at(Time time) const {
  if (!best_)
    return std::nullopt;
  return time == Time::max() ? time : time + best_->ahead;
}

std::optional<RemoteClock::Time::duration> RemoteClock::round_trip() const {
  return best_ ? std::optional{best_->round_trip} : std::nullopt;
}

} // namespace gleaner
