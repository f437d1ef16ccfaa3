#include "tests/simulation/world/oracle.hpp"

#include <algorithm>
#include <cstdlib>

/// The part of the oracle that counts requests.
namespace gleaner::simulation {

namespace {

constexpr std::chrono::seconds longest_window{10}; // of the API
constexpr std::chrono::seconds horizon{4};         // of a permit

} // namespace

const List* Oracle::granted() {
  return redis_.server().keys().get<List>(budget_key_ + ":grants");
}

void Oracle::unsettle_pace() {
  const auto* known = granted();
  granted_before_ = known ? *known : List{};
  pace_unsettled_until_ = timeline_.now() + 2 * longest_window;
  excuse_pace();
}

void Oracle::clock_stepped() {
  unsettle_pace();
  step_untold_ = true;
  strangers_.clear();
}

void Oracle::lose_witness() {
  witness_missing_until_ = timeline_.now() + 2 * longest_window;
  excuse_pace();
}

void Oracle::excuse_pace() {
  const auto now = timeline_.now();
  if (now < pace_unsettled_until_ && now < witness_missing_until_)
    pace_excused_until_ = now + 2 * longest_window;
}

/// A state that went back does not know it before somebody says so: until then as many requests too
/// many may go out.
void Oracle::note_lost_permits() {
  const auto now = timeline_.now();
  const auto* known = granted();
  if (now >= permits_lost_until_)
    permits_lost_ = 0;
  for (const auto& at : granted_before_)
    if (!known || std::find(known->begin(), known->end(), at) == known->end())
      ++permits_lost_;
  permits_lost_until_ = now + 2 * longest_window;
}

/// An exchange whose sender knows more than the state: the pace is closed by it, and what was
/// granted before goes out within its horizon or not at all. Words behind the keys: wanted, lead,
/// the exchange, the first lost one, known generation and count.
void Oracle::hear_of_lost_permits(const RedisHost::Words& words) {
  budget_key_ = words[3];
  hear_of_step(words.at(10));
  const auto generation = text_of({"HGET", budget_key_, "generation"});
  const auto count = std::atoll(text_of({"HGET", budget_key_, "count"}).c_str());
  const auto &known = words.at(12), &known_count = words.at(13);
  if (!known.empty() && (known != generation || std::atoll(known_count.c_str()) > count))
    permits_lost_until_ = std::min(permits_lost_until_, timeline_.now() + horizon);
}

/// `exchange`: the sharer and a number, which is 1 for the first.
void Oracle::hear_of_step(const std::string& exchange) {
  const auto now = timeline_.now();
  if (!step_untold_ || now >= pace_unsettled_until_)
    return;
  const auto sharer = exchange.substr(0, exchange.rfind(':'));
  if (exchange.ends_with(":1"))
    strangers_.insert(sharer);
  if (strangers_.contains(sharer))
    pace_excused_until_ = std::max(pace_excused_until_, now + horizon);
  else
    step_untold_ = false;
}

/// No stretch of a window's length may see more requests than it allows, whoever sends them.
void Oracle::check_pace() {
  const auto now = timeline_.now();
  requests_.push_back(now);
  std::chrono::milliseconds longest{0};
  for (const auto& window : swarm_.limits) {
    longest = std::max(longest, window.period);
    const auto within = std::count_if(requests_.begin(), requests_.end(),
                                      [&](auto time) { return time > now - window.period; });
    const auto excused = now < permits_lost_until_ ? permits_lost_ : 0;
    if (static_cast<std::size_t>(within) > window.requests + excused && now >= pace_excused_until_)
      fail(std::to_string(within) + " requests within " + std::to_string(window.period.count()) +
           " ms, where " + std::to_string(window.requests) + " are allowed");
  }
  while (!requests_.empty() && requests_.front() <= now - longest)
    requests_.pop_front();
}

} // namespace gleaner::simulation
