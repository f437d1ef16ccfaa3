#include "adapters/profile/condition_reader.hpp"

#include <algorithm>

namespace gleaner::profile {

namespace {

constexpr std::int64_t longest_wait_s = 366 * 86400; // as Retry-After is read

/// A status or a class, or nothing.
std::optional<StatusRange> status_range(const toml::node& node) {
  if (const auto* number = node.as_integer()) {
    const auto status = number->get();
    if (status < 100 || status > 999)
      return std::nullopt;
    return StatusRange{static_cast<int>(status), static_cast<int>(status)};
  }
  const auto* text = node.as_string();
  if (!text || text->get().size() != 3 || !text->get().ends_with("xx") || text->get()[0] < '1' ||
      text->get()[0] > '9')
    return std::nullopt;
  const int first = (text->get()[0] - '0') * 100;
  return StatusRange{first, first + 99};
}

void read_statuses(Section& section, const std::string& path, Problems& problems,
                   AnswerConditions& into) {
  constexpr auto accepts = R"(a list of statuses from 100 to 999 and classes from "1xx" to "9xx")";
  const auto* list = section.has("status") ? section.array("status", accepts) : nullptr;
  if (!list)
    return;
  if (list->empty())
    section.refuse("status", "is an empty list; name a status, or leave it out for any");
  for (const auto& node : *list) {
    if (const auto range = status_range(node))
      into.statuses.push_back(*range);
    else
      problems.add(node.source(), path + ".status has an entry that is none; it takes " + accepts);
  }
}

void read_texts(Section& section, AnswerConditions& into) {
  if (section.has("error_id"))
    into.error_ids = section.texts("error_id").value_or(std::vector<std::string>{});
  if (std::any_of(into.error_ids.begin(), into.error_ids.end(),
                  [](const auto& id) { return id.find_first_not_of('*') == std::string::npos; }))
    section.refuse("error_id", "takes any id, also none, by \"*\"; leave it out instead");
  if (section.has("details"))
    into.phrases = section.texts("details").value_or(std::vector<std::string>{});
  for (const auto& phrase : into.phrases)
    if (const auto lower = ascii_lower_case(phrase); lower != phrase)
      return section.refuse("details", "is compared in lower case; write \"" + lower + '"');
}

void read_retry_after(Section& section, AnswerConditions& into) {
  constexpr auto at_least = "retry_after_at_least_s";
  constexpr auto at_most = "retry_after_at_most_s";
  constexpr auto absent = "retry_after_absent";
  if (section.has(at_least))
    if (const auto seconds = section.integer(at_least, 0, longest_wait_s))
      into.retry_after_at_least = std::chrono::seconds{*seconds};
  if (section.has(at_most))
    if (const auto seconds = section.integer(at_most, 0, longest_wait_s))
      into.retry_after_at_most = std::chrono::seconds{*seconds};
  if (!section.has(absent))
    return;
  const auto flag = section.flag(absent);
  if (flag == false)
    section.refuse(absent, "is false, which asks nothing; write retry_after_at_least_s = 0 for "
                           "any Retry-After, or leave it out");
  into.retry_after_absent = flag.value_or(false);
}

} // namespace

void read_conditions(Section& section, const std::string& path, Problems& problems,
                     AnswerConditions& into) {
  read_statuses(section, path, problems, into);
  if (section.has("json"))
    into.is_json = section.flag("json");
  read_texts(section, into);
  read_retry_after(section, into);
}

} // namespace gleaner::profile
