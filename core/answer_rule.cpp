#include "core/answer_rule.hpp"

#include <algorithm>
#include <charconv>

namespace gleaner {

namespace {

bool takes_status(const std::vector<StatusRange>& ranges, int status) {
  const auto known = std::clamp(status, 100, 999);
  return ranges.empty() || std::any_of(ranges.begin(), ranges.end(), [known](const auto& range) {
           return range.first <= known && known <= range.last;
         });
}

bool takes_retry_after(const AnswerConditions& conditions,
                       const std::optional<std::chrono::seconds>& wait) {
  if (conditions.retry_after_absent && wait)
    return false;
  if (conditions.retry_after_at_least && !(wait && *wait >= *conditions.retry_after_at_least))
    return false;
  return !conditions.retry_after_at_most || (wait && *wait <= *conditions.retry_after_at_most);
}

template <class Condition>
bool any_or_none(const std::vector<std::string>& wanted, Condition holds) {
  return wanted.empty() || std::any_of(wanted.begin(), wanted.end(), holds);
}

} // namespace

bool matches_wildcard(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  auto star = std::string_view::npos; // the last one met, and where the text was then
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::uint32_t number_in(const NumberPattern& pattern, std::string_view lower_details) {
  const auto at = lower_details.find(pattern.before);
  if (at == std::string_view::npos)
    return 0;
  const auto rest = lower_details.substr(at + pattern.before.size());
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc{})
    return 0;
  const auto follows = rest.substr(static_cast<std::size_t>(end - rest.data()));
  return follows.starts_with(pattern.after) ? number : 0;
}

std::string ascii_lower_case(std::string_view text) {
  std::string out{text};
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool takes(const AnswerRule& rule, const ApiAnswer& answer, std::string_view lower_details) {
  const auto& conditions = rule.conditions;
  return takes_status(conditions.statuses, answer.status) &&
         (!conditions.is_json || *conditions.is_json == answer.is_json) &&
         takes_retry_after(conditions, answer.retry_after) &&
         any_or_none(conditions.error_ids,
                     [&](const auto& id) { return matches_wildcard(id, answer.error_id); }) &&
         any_or_none(conditions.phrases,
                     [&](const auto& phrase) {
                       return lower_details.find(phrase) != std::string_view::npos;
                     }) &&
         (rule.verdict != AnswerClass::Verdict::plan_cap || number_in(rule.cap, lower_details) > 0);
}

} // namespace gleaner
