#include "app/setting_kinds.hpp"
#include "app/setting_table.hpp"
#include "app/setting_values.hpp"
#include "core/closest_name.hpp"

#include <algorithm>
#include <utility>

namespace gleaner {

using namespace setting_kinds;

namespace {

std::string fault_of_tenant(Text name) {
  if (is_plain_name(name))
    return {};
  return '\'' + std::string{name} + "' is no name; write names without spaces, commas between";
}

/// Each word is one that `fault` has nothing to say about.
Result<std::vector<std::string>> parse_words(Text text, std::string (*fault)(Text)) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const auto word = trimmed(text.substr(0, comma));
    if (auto why = fault(word); !why.empty())
      return Error{Errc::usage, std::move(why)};
    words.emplace_back(word);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return words;
}

std::string show_words(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words)
    text += (text.empty() ? "" : ",") + word;
  return text;
}

} // namespace

std::string key_variable(const std::string& name) {
  std::string variable = "HUNTER_API_KEY";
  if (name == "default")
    return variable;
  variable += '_';
  for (const char c : name) // small letters, digits and hyphens
    variable += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c == '-' ? '_' : c;
  return variable;
}

std::string fault_of_key_name(std::string_view name) {
  constexpr std::size_t longest = 32;
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  const auto quoted = '\'' + std::string{name.substr(0, longest + 1)} + '\'';
  if (name.empty() || !std::all_of(name.begin(), name.end(), fits))
    return quoted + " is no name; write one of small letters, digits and hyphens";
  if (name.size() > longest)
    return quoted + "... is longer than 32 characters; shorten it";
  if (name == "default")
    return quoted + " is the key of HUNTER_API_KEY, which [api] is about; choose another name";
  if (name == "file" || name.ends_with("-file"))
    return quoted + " would have the variable " + key_variable(std::string{name}) +
           ", and those in _FILE name files; choose a name that does not end so";
  return {};
}

Setting key_names_setting() {
  Setting setting;
  setting.path = "api.key_names";
  setting.flag = "--key-names";
  setting.variables = {variable_of(setting.path)};
  setting.description = "Names of further API keys; each is in HUNTER_API_KEY_NAME";
  setting.accepts = "names of small letters, digits and hyphens with commas between";
  setting.assign = [](Config& config, Text text) {
    const auto names = parse_words(text, fault_of_key_name);
    if (!names)
      return Status{names.error()};
    config.api.named_keys.clear(); // those of a place that this one beats
    for (const auto& name : *names)
      config.api.named_keys[name];
    return Status{Done{}};
  };
  setting.show = [](const Config& config) {
    std::vector<std::string> names;
    for (const auto& [name, key] : config.api.named_keys)
      names.push_back(name);
    return show_words(names);
  };
  return setting;
}

// NOLINTNEXTLINE(readability-function-size): a table
std::vector<Setting> key_settings(const std::string& name) {
  const auto key = [name](Config& c) -> NamedKey& { return c.api.named_keys[name]; };
  const auto path = "api.keys." + name + '.';
  std::vector<Setting> all{
    secret(
      {path + "secret", "", {key_variable(name)}, "API key"},
      "a key without spaces", [key](Config & c) -> auto& { return key(c).secret; }, is_plain_name),
    make(
      {path + "limits", "", {}, "Requests that the API allows"},
      "windows of different lengths such as 15/s,500/min, or off",
      [key](Config & c) -> auto& { return key(c).limits; }, parse_limits, show_limits),
    credit_cap(
      {path + "credits_per_job", "", {}, "Credits that one job may spend"},
      [key](Config & c) -> auto& { return key(c).caps.per_job; }),
    credit_cap(
      {path + "credits_per_day", "", {}, "Credits that all jobs may spend in a day"},
      [key](Config & c) -> auto& { return key(c).caps.per_day; }),
    credit_cap(
      {path + "credits_per_month", "", {}, "Credits that all jobs may spend in a month"},
      [key](Config & c) -> auto& { return key(c).caps.per_month; }),
    credit_cap(
      {path + "credit_floor", "", {}, "Credits that the account shall keep"},
      [key](Config & c) -> auto& { return key(c).caps.floor; }),
    make(
      {path + "tenants", "", {}, "Whose jobs it is for"},
      "names with commas between", [key](Config & c) -> auto& { return key(c).tenants; },
      [](Text text) { return parse_words(text, fault_of_tenant); }, show_words),
  };
  for (auto& setting : all)
    if (const auto* first = find_setting("api." + setting.path.substr(path.size())))
      setting.inherits = first->path;
  return all;
}

std::string hint_for_key_setting(std::string_view path) {
  const auto rest = path.substr(std::string_view{"api.keys."}.size());
  const auto dot = rest.find('.');
  if (dot == std::string_view::npos)
    return "an API key has a section, [" + std::string{path} + ']';
  const std::string name{rest.substr(0, dot)};
  if (!fault_of_key_name(name).empty())
    return {};
  const auto all = key_settings(name);
  if (rest.substr(dot + 1) == "key")
    return "the key itself goes into " + key_variable(name) + ", or into `secret` of its section";
  const auto section = path.size() - (rest.size() - dot - 1);
  std::vector<std::string_view> names;
  for (const auto& setting : all)
    names.push_back(std::string_view{setting.path}.substr(section));
  const auto closest = closest_name(path.substr(section), names);
  return hint_for(closest.empty() ? closest : std::string{path.substr(0, section)} + closest);
}

} // namespace gleaner
