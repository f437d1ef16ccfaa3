#include "adapters/profile/rule_reader.hpp"

#include "adapters/profile/condition_reader.hpp"
#include "core/rule_reach.hpp"

#include <algorithm>
#include <array>

namespace gleaner::profile {

namespace {

using Verdict = AnswerClass::Verdict;
using Words = std::vector<std::string_view>;

constexpr std::array verdicts{Verdict::page, Verdict::retry, Verdict::give_up, Verdict::ask_account,
                              Verdict::plan_cap};
const Words verdict_words{"page", "retry", "give_up", "ask_account", "plan_cap"};

constexpr std::array retry_codes{Errc::api_throttled, Errc::api_unavailable};
const Words retry_words{"throttled", "unavailable"};

constexpr std::array give_up_codes{
  Errc::quota_exhausted, Errc::key_rejected,     Errc::account_restricted, Errc::legal_block,
  Errc::api_blocked,     Errc::redirect_refused, Errc::api_rejected};
const Words give_up_words{"quota", "key", "restricted", "legal", "blocked", "redirect", "rejected"};

void read_code(Section& section, AnswerRule& rule) {
  if (rule.verdict == Verdict::retry) {
    if (const auto word = section.word("as", retry_words))
      rule.code = retry_codes[*word];
  } else if (rule.verdict == Verdict::give_up) {
    if (const auto word = section.word("as", give_up_words))
      rule.code = give_up_codes[*word];
  } else {
    rule.code = rule.verdict == Verdict::ask_account ? Errc::api_throttled : Errc::api_rejected;
    if (section.has("as"))
      section.refuse("as", "goes with the verdicts retry and give_up; drop it");
  }
}

void read_cap(Section& section, AnswerRule& rule) {
  constexpr std::string_view number = "{number}";
  if (rule.verdict != Verdict::plan_cap) {
    if (section.has("cap"))
      section.refuse("cap", "goes with the verdict plan_cap; drop it");
    return;
  }
  const auto cap = section.text("cap");
  if (!cap)
    return;
  const auto at = cap->find(number);
  if (at == std::string::npos || at == 0 || cap->find(number, at + 1) != std::string::npos)
    return section.refuse("cap", "takes a text with {number} in it once and words before it, such "
                                 "as \"limited to {number} email\"");
  rule.cap = {cap->substr(0, at), cap->substr(at + number.size())};
  if (ascii_lower_case(*cap) != *cap)
    section.refuse("cap", "is compared in lower case; write \"" + ascii_lower_case(*cap) + '"');
}

/// Whether all braces of a reason are those of a place holder.
bool has_known_places(std::string_view reason) {
  constexpr std::string_view brace = "{}";
  for (auto at = reason.find_first_of(brace); at != reason.npos; at = reason.find_first_of(brace)) {
    reason.remove_prefix(at);
    const std::string_view place = reason.starts_with("{answer}") ? "{answer}" : "{status}";
    if (!reason.starts_with(place))
      return false;
    reason.remove_prefix(place.size());
  }
  return true;
}

void read_reason(Section& section, AnswerRule& rule) {
  if (!section.has("reason"))
    return;
  const auto reason = section.text("reason");
  if (reason && !has_known_places(*reason))
    section.refuse("reason", "has braces that are neither {answer} nor {status}; take them out");
  rule.reason = reason.value_or(rule.reason);
}

/// The body of anything but success is no page.
void check_page(Section& section, const AnswerRule& rule) {
  const auto& statuses = rule.conditions.statuses;
  const bool successes =
    !statuses.empty() && std::all_of(statuses.begin(), statuses.end(), [](const auto& range) {
      return range.first >= 200 && range.last <= 299;
    });
  if (rule.verdict == Verdict::page && !successes)
    section.refuse("verdict", "is page, which only a success has; give the rule a status from 200 "
                              "to 299, such as [200]");
}

/// A rule by its name where that can be shown, else by its number.
std::string path_of(const toml::table& table, std::size_t number) {
  const auto* name = table.get_as<std::string>("name");
  return name && is_one_line(name->get()) ? "answer \"" + name->get() + '"'
                                          : "answer " + std::to_string(number);
}

AnswerRule read_rule(const toml::table& table, const std::string& path, Problems& problems) {
  Section section{table, path, problems};
  AnswerRule rule;
  rule.name = section.text("name").value_or("");
  read_conditions(section, path, problems, rule.conditions);
  if (const auto verdict = section.word("verdict", verdict_words)) {
    rule.verdict = verdicts[*verdict];
    read_code(section, rule);
    read_cap(section, rule);
    check_page(section, rule);
  } else { // what goes with it can't be judged
    section.has("as");
    section.has("cap");
  }
  read_reason(section, rule);
  section.finish();
  return rule;
}

void check_names(const toml::array& tables, const std::vector<AnswerRule>& rules,
                 Problems& problems) {
  for (std::size_t i = 0; i < rules.size(); ++i)
    for (std::size_t other = 0; other < i; ++other)
      if (rules[i].name == rules[other].name) {
        problems.add(tables[i].source(),
                     "answer.name \"" + rules[i].name + "\" stands twice; give each rule its own");
        break;
      }
}

void check_reach(const toml::array& tables, const std::vector<AnswerRule>& rules,
                 Problems& problems) {
  for (std::size_t i = 0; i < rules.size(); ++i)
    if (const auto why = why_never(rules, i))
      problems.add(tables[i].source(), "answer \"" + rules[i].name + "\" " + *why);
  for (const auto& name : open_classes(rules))
    problems.add(tables.source(), "answer: no rule takes every " + name +
                                    "; add one with status = [\"" + name +
                                    "\"] and no other condition at the end");
  if (std::none_of(rules.begin(), rules.end(),
                   [](const auto& rule) { return rule.verdict == Verdict::page; }))
    problems.add(tables.source(), "answer: no rule has the verdict page, so nothing would be "
                                  "collected; add one with status = [200]");
}

} // namespace

std::vector<AnswerRule> read_rules(const toml::array& tables, Problems& problems) {
  constexpr std::size_t most_rules = 200;
  std::vector<AnswerRule> rules;
  if (tables.size() > most_rules) {
    problems.add(tables.source(), "answer has " + std::to_string(tables.size()) +
                                    " rules; it takes 200 at most, so merge some");
    return rules;
  }
  for (const auto& node : tables) {
    const auto* table = node.as_table();
    if (!table) {
      problems.add(node.source(), "answer has an entry that is no rule; write [[answer]]");
      return rules;
    }
    rules.push_back(read_rule(*table, path_of(*table, rules.size() + 1), problems));
  }
  if (problems.none()) { // judged as a whole only when each is good
    check_names(tables, rules, problems);
    check_reach(tables, rules, problems);
  }
  return rules;
}

} // namespace gleaner::profile
