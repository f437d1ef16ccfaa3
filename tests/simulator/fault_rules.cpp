#include "tests/simulator/fault_rules.hpp"

#include <stdexcept>

namespace gleaner::sim {

namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw std::invalid_argument(
    "fault rule: " + why +
    R"(; write e.g. {"match":{"domain":"acme.test","page":2},"times":1,"answer":{"kind":"throttle"}})");
}

std::string text_of(const std::string& name, const Json& value) {
  if (!value.is_string())
    refuse(name + " must be a text, not " + value.dump());
  return value.get<std::string>();
}

std::uint32_t count_of(const std::string& name, const Json& value) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > 0xffffffffu)
    refuse(name + " must be a whole number from 0 on, not " + value.dump());
  return value.get<std::uint32_t>();
}

/// Header lines go out as they are, also odd ones; only line breaks would end the head.
std::string header_lines(const Json& headers) {
  if (!headers.is_object())
    refuse("headers must be an object, not " + headers.dump());
  std::string lines;
  for (const auto& [name, value] : headers.items()) {
    const auto line = name + ": " + (value.is_string() ? value.get<std::string>() : value.dump());
    if (line.find_first_of("\r\n") != std::string::npos)
      refuse("header " + name + " has a line break");
    lines += line + "\r\n";
  }
  return lines;
}

/// Reads a member of an answer that is spelled out.
void read_answer(const std::string& name, const Json& value, Answer& answer) {
  if (name == "status") {
    const auto status = count_of(name, value);
    if (status < 200 || status > 999)
      refuse("status must be 200..999, not " + value.dump());
    answer.status = static_cast<int>(status);
  } else if (name == "headers") {
    answer.headers = header_lines(value);
    if (value.contains("Content-Type"))
      answer.content_type = {};
  } else if (name == "body") {
    auto text = value.is_string() ? value.get<std::string>() : value.dump();
    answer.body = std::make_shared<const std::string>(std::move(text));
  } else {
    refuse("answer has no member " + name);
  }
}

bool glob(std::string_view pattern, std::string_view text) {
  if (pattern.empty() || pattern == "*")
    return true;
  if (pattern.front() == '*')
    return text.ends_with(pattern.substr(1));
  if (pattern.back() == '*')
    return text.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == text;
}

} // namespace

Fault FaultRules::parse_fault(const Json& source) {
  if (!source.is_object() || source.empty())
    refuse("answer must be an object with a kind, a status or a delay_ms, not " + source.dump());
  Fault fault;
  Answer answer = json_answer({});
  for (const auto& [name, value] : source.items()) {
    if (name == "kind") {
      fault.kind = fault_named(text_of(name, value));
      if (!fault.kind)
        refuse("there is no kind " + value.dump() + " (see gleaner-simulator --help)");
    } else if (name == "delay_ms") {
      fault.delay_ms = count_of(name, value);
    } else {
      read_answer(name, value, answer);
    }
  }
  const bool own =
    source.contains("status") || source.contains("body") || source.contains("headers");
  if (own && fault.kind)
    refuse("an answer has a kind, or status, headers and body");
  if (own)
    fault.answer = std::move(answer);
  return fault;
}

void FaultRules::parse_match(const Json& match, Rule& rule) {
  if (!match.is_object())
    refuse("match must be an object, not " + match.dump());
  for (const auto& [name, value] : match.items()) {
    if (name == "domain")
      rule.domain = text_of(name, value);
    else if (name == "path")
      rule.path = text_of(name, value);
    else if (name == "key")
      rule.key = text_of(name, value);
    else if (name == "page")
      rule.page = count_of(name, value);
    else if (name == "nth")
      rule.nth = count_of(name, value);
    else
      refuse("match has no member " + name);
  }
}

FaultRules::Rule FaultRules::parse(const Json& source) {
  if (!source.is_object() || !source.contains("answer"))
    refuse("an object with an answer is needed, not " + source.dump());
  Rule rule;
  rule.source = source;
  for (const auto& [name, value] : source.items()) {
    if (name == "match")
      parse_match(value, rule);
    else if (name == "times")
      rule.times = count_of(name, value);
    else if (name == "answer")
      rule.fault = parse_fault(value);
    else
      refuse("there is no member " + name);
  }
  // A rule that speaks of domains or pages means searches.
  if (rule.path.empty())
    rule.path = "/v2/domain-search";
  return rule;
}

void FaultRules::add(const Json& rules) {
  std::vector<Rule> fresh;
  if (rules.is_array())
    for (const auto& rule : rules)
      fresh.push_back(parse(rule));
  else
    fresh.push_back(parse(rules));
  for (auto& rule : fresh)
    rules_.push_back(std::move(rule));
}

bool FaultRules::fits(const Rule& rule, const FaultSubject& subject) {
  return glob(rule.path, subject.path) && glob(rule.domain, subject.domain) &&
         (rule.key.empty() || rule.key == subject.key) &&
         (rule.page == 0 || rule.page == subject.page);
}

std::optional<Fault> FaultRules::take(const FaultSubject& subject) {
  for (auto& rule : rules_) {
    const bool used_up = rule.times > 0 && rule.played >= rule.times;
    if (used_up || !fits(rule, subject))
      continue;
    ++rule.seen;
    if (rule.nth > 0 && rule.seen != rule.nth)
      continue;
    ++rule.played;
    return rule.fault;
  }
  return std::nullopt;
}

Json FaultRules::to_json() const {
  auto out = Json::array();
  for (const auto& rule : rules_) {
    auto entry = rule.source;
    entry["seen"] = rule.seen;
    entry["played"] = rule.played;
    out.push_back(std::move(entry));
  }
  return out;
}

} // namespace gleaner::sim
