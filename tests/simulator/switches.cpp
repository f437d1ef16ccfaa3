#include "tests/simulator/switches.hpp"

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <stdexcept>

namespace gleaner::sim {

namespace {

struct Choice {
  std::string_view name;
  std::string Switches::*field;
  std::vector<std::string_view> values;
};

const std::vector<Choice>& choices() {
  static const std::vector<Choice> all{
    {"throttle_style",
     &Switches::throttle_style,
     {"403", "429", "retry-after", "http-date", "hours"}},
    {"quota_style", &Switches::quota_style, {"429", "402", "restricted", "partial"}},
    {"cost", &Switches::cost, {"per-10", "per-email", "per-request"}},
    {"nulls", &Switches::nulls, {"mixed", "all", "none"}},
  };
  return all;
}

struct Flag {
  std::string_view name;
  bool Switches::*field;
};
constexpr Flag flags[] = {
  {"repeat_free", &Switches::repeat_free},
  {"legacy_fields", &Switches::legacy_fields},
  {"decision_maker", &Switches::decision_maker},
  {"extra_keys", &Switches::extra_keys},
  {"null_domain", &Switches::null_domain},
  {"strict_filters", &Switches::strict_filters},
  {"drift", &Switches::drift},
  {"duplicates", &Switches::duplicates},
  {"short_pages", &Switches::short_pages},
  {"gzip", &Switches::gzip},
  {"chunked", &Switches::chunked},
  {"ratelimit_headers", &Switches::ratelimit_headers},
  {"email_count_needs_key", &Switches::email_count_needs_key},
};

[[noreturn]] void refuse_switch(std::string_view name, const Json& value,
                                std::string_view expected) {
  throw std::invalid_argument("switch " + std::string{name} + ": " + value.dump() +
                              " is not possible; expected " + std::string{expected});
}

std::uint32_t count_of(std::string_view name, const Json& value) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > 1'000'000'000)
    refuse_switch(name, value, "a whole number from 0 on");
  return value.get<std::uint32_t>();
}

std::string joined(const std::vector<std::string_view>& values) {
  std::string text;
  for (const auto& value : values)
    text.append(text.empty() ? "" : ", ").append(value);
  return text;
}

bool set_choice(Switches& switches, std::string_view name, const Json& value) {
  for (const auto& choice : choices()) {
    if (choice.name != name)
      continue;
    // On the command line 403 reads as a number.
    const auto text = value.is_string() ? value.get<std::string>() : value.dump();
    if (std::find(choice.values.begin(), choice.values.end(), text) == choice.values.end())
      refuse_switch(name, value, joined(choice.values));
    switches.*choice.field = text;
    return true;
  }
  return false;
}

bool set_flag(Switches& switches, std::string_view name, const Json& value) {
  for (const auto& flag : flags) {
    if (flag.name != name)
      continue;
    if (!value.is_boolean())
      refuse_switch(name, value, "true or false");
    switches.*flag.field = value.get<bool>();
    return true;
  }
  return false;
}

void set_rates(Switches& switches, const Json& value) {
  if (!value.is_object())
    refuse_switch("fault_rates", value, "an object such as {\"fail500\": 0.01}");
  std::map<FaultKind, double> rates;
  for (const auto& [name, rate] : value.items()) {
    const auto kind = fault_named(name);
    if (!kind)
      refuse_switch("fault_rates", name, "a kind of fault (see gleaner-simulator --help)");
    if (!rate.is_number() || rate.get<double>() < 0 || rate.get<double>() > 1)
      refuse_switch("fault_rates", rate, "a share from 0 to 1");
    rates[*kind] = rate.get<double>();
  }
  switches.fault_rates = std::move(rates);
}

} // namespace

void set_switch(Switches& switches, std::string_view name, const Json& value) {
  if (set_choice(switches, name, value) || set_flag(switches, name, value))
    return;
  if (name == "limits") {
    if (!value.is_string())
      refuse_switch(name, value, "e.g. \"15/s,500/min\" or \"off\"");
    switches.limits = parse_limits(value.get<std::string>());
  } else if (name == "delay_ms") {
    switches.delay_ms = count_of(name, value);
  } else if (name == "plan_cap") {
    switches.plan_cap = count_of(name, value);
  } else if (name == "plan_level") {
    switches.plan_level = value.is_null() ? std::nullopt : std::optional{count_of(name, value)};
  } else if (name == "fault_rates") {
    set_rates(switches, value);
  } else {
    throw std::invalid_argument("switch " + std::string{name} + " does not exist; there are:\n" +
                                switch_help());
  }
}

void set_switches(Switches& switches, const Json& object) {
  if (!object.is_object())
    throw std::invalid_argument("expected a JSON object of switches, e.g. {\"limits\": \"off\"}");
  auto changed = switches;
  for (const auto& [name, value] : object.items())
    set_switch(changed, name, value);
  switches = std::move(changed);
}

Json to_json(const Switches& switches) {
  Json out;
  out["limits"] = to_string(switches.limits);
  for (const auto& choice : choices())
    out[std::string{choice.name}] = switches.*choice.field;
  out["delay_ms"] = switches.delay_ms;
  out["plan_cap"] = switches.plan_cap;
  out["plan_level"] = switches.plan_level ? Json(*switches.plan_level) : Json();
  for (const auto& flag : flags)
    out[std::string{flag.name}] = switches.*flag.field;
  out["fault_rates"] = Json::object();
  for (const auto& [kind, rate] : switches.fault_rates)
    out["fault_rates"][std::string{to_string(kind)}] = rate;
  return out;
}

std::string switch_help() {
  std::string text = "  limits=15/s,500/min|off  delay_ms=N  plan_cap=N  plan_level=N\n"
                     "  fault_rates={\"<kind>\":<0..1>,...}\n";
  for (const auto& choice : choices()) {
    auto values = joined(choice.values);
    text.append("  ").append(choice.name).append("=").append(values).append("\n");
  }
  text += "  true or false:";
  for (const auto& flag : flags)
    text.append(&flag == flags ? " " : ", ").append(flag.name);
  return text + "\n";
}

} // namespace gleaner::sim
