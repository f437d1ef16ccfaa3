#include "core/rule_reach.hpp"

#include <algorithm>

namespace gleaner {

namespace {

using Verdict = AnswerClass::Verdict;
using Texts = std::vector<std::string>;

constexpr int first_status = 100;
constexpr int last_status = 999;

bool has_status(const AnswerConditions& conditions, int status) {
  const auto& ranges = conditions.statuses;
  return ranges.empty() || std::any_of(ranges.begin(), ranges.end(), [&](const auto& range) {
           return range.first <= status && status <= range.last;
         });
}

/// Whether whatever fits one of `later` fits one of `earlier` too; `implies` tells it of two.
template <class Implies>
bool all_implied(const Texts& earlier, const Texts& later, Implies implies) {
  if (earlier.empty())
    return true;
  return !later.empty() && std::all_of(later.begin(), later.end(), [&](const auto& narrow) {
    return std::any_of(earlier.begin(), earlier.end(),
                       [&](const auto& wide) { return implies(wide, narrow); });
  });
}

bool id_implies(const std::string& wide, const std::string& narrow) {
  return wide == narrow ||
         (narrow.find('*') == std::string::npos && matches_wildcard(wide, narrow));
}

bool phrase_implies(const std::string& wide, const std::string& narrow) {
  return narrow.find(wide) != std::string::npos;
}

bool wait_implied(const AnswerConditions& wide, const AnswerConditions& narrow) {
  const auto& least = wide.retry_after_at_least;
  const auto& most = wide.retry_after_at_most;
  return (!wide.retry_after_absent || narrow.retry_after_absent) &&
         (!least || (narrow.retry_after_at_least && *narrow.retry_after_at_least >= *least)) &&
         (!most || (narrow.retry_after_at_most && *narrow.retry_after_at_most <= *most));
}

bool cap_implied(const AnswerRule& wide, const AnswerRule& narrow) {
  return wide.verdict != Verdict::plan_cap ||
         (narrow.verdict == Verdict::plan_cap && narrow.cap.before == wide.cap.before &&
          narrow.cap.after == wide.cap.after);
}

/// Whether what `narrow` takes is taken by `wide` too, their statuses apart.
bool covers(const AnswerRule& wide, const AnswerRule& narrow) {
  const auto& wider = wide.conditions;
  const auto& narrower = narrow.conditions;
  return (!wider.is_json || wider.is_json == narrower.is_json) &&
         all_implied(wider.error_ids, narrower.error_ids, id_implies) &&
         all_implied(wider.phrases, narrower.phrases, phrase_implies) &&
         wait_implied(wider, narrower) && cap_implied(wide, narrow);
}

bool reads_error(const AnswerRule& rule) {
  return !rule.conditions.error_ids.empty() || !rule.conditions.phrases.empty() ||
         rule.verdict == Verdict::plan_cap;
}

std::optional<std::string> contradiction(const AnswerRule& rule) {
  const auto& conditions = rule.conditions;
  const auto& least = conditions.retry_after_at_least;
  const auto& most = conditions.retry_after_at_most;
  if (conditions.retry_after_absent && (least || most))
    return "asks for a Retry-After and for none; drop one of the two";
  if (least && most && *least > *most)
    return "asks for a Retry-After of at least " + std::to_string(least->count()) +
           " s and at most " + std::to_string(most->count()) + " s; swap them";
  if (conditions.is_json == false && reads_error(rule))
    return "reads an error of a body that is not JSON; drop one of the conditions";
  const auto is_200 = [](const auto& range) { return range.first == 200 && range.last == 200; };
  const auto& ranges = conditions.statuses;
  if (!ranges.empty() && std::all_of(ranges.begin(), ranges.end(), is_200) &&
      (conditions.is_json == true || reads_error(rule)))
    return "reads an error of a 200, whose body is a page; drop that condition";
  return std::nullopt;
}

using Places = std::vector<std::size_t>;

/// The places of rules before `index` that leave it nothing: one that does it alone, else all that
/// have a part in it. Empty when something is left.
Places takers(const std::vector<AnswerRule>& rules, std::size_t index) {
  Places wide;
  for (std::size_t i = 0; i < index; ++i)
    if (covers(rules[i], rules[index]))
      wide.push_back(i);
  Places together;
  Places alone = wide;
  for (int status = first_status; status <= last_status; ++status) {
    if (!has_status(rules[index].conditions, status))
      continue;
    const auto takes_it = [&](auto i) { return has_status(rules[i].conditions, status); };
    const auto taker = std::find_if(wide.begin(), wide.end(), takes_it);
    if (taker == wide.end())
      return {};
    if (std::find(together.begin(), together.end(), *taker) == together.end())
      together.push_back(*taker);
    std::erase_if(alone, [&](auto i) { return !takes_it(i); });
  }
  return alone.empty() ? together : Places{alone.front()};
}

} // namespace

std::optional<std::string> why_never(const std::vector<AnswerRule>& rules, std::size_t index) {
  if (auto why = contradiction(rules[index]))
    return why;
  std::string names;
  for (const auto taker : takers(rules, index))
    names += (names.empty() ? "\"" : ", \"") + rules[taker].name + '"';
  if (names.empty())
    return std::nullopt;
  return "can never decide, since all that it takes is taken before it by " + names +
         "; move it up, narrow those or drop it";
}

std::vector<std::string> open_classes(const std::vector<AnswerRule>& rules) {
  const AnswerRule any;
  std::vector<std::string> open;
  for (int status = first_status; status <= last_status; ++status) {
    const bool taken = std::any_of(rules.begin(), rules.end(), [&](const auto& rule) {
      return has_status(rule.conditions, status) && covers(rule, any);
    });
    const auto name = std::to_string(status / 100) + "xx";
    if (!taken && (open.empty() || open.back() != name))
      open.push_back(name);
  }
  return open;
}

} // namespace gleaner
