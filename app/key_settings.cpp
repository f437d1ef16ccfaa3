#include "app/setting_kinds.hpp"
#include "app/setting_table.hpp"
#include "app/setting_values.hpp"

#include <algorithm>
#include <utility>

namespace gleaner {

using namespace setting_kinds;

namespace {

std::optional<std::vector<std::string>> parse_words(Text text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const auto word = text.substr(0, comma);
    if (!is_plain_name(word))
      return std::nullopt;
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

/// "TEAM_A" for "team-a".
std::string as_variable(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
    return c == '-' ? '_' : static_cast<char>(std::toupper(c));
  });
  return name;
}

} // namespace

bool is_key_name(std::string_view name) {
  constexpr std::size_t longest = 32;
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !name.empty() && name.size() <= longest && std::all_of(name.begin(), name.end(), fits) &&
         name != "default" && name != "file" && !name.ends_with("-file"); // HUNTER_API_KEY_A_FILE
}

std::string key_variable(const std::string& name) {
  return name == "default" ? "HUNTER_API_KEY" : "HUNTER_API_KEY_" + as_variable(name);
}

Setting key_names_setting() {
  Setting setting;
  setting.path = "api.key_names";
  setting.flag = "--key-names";
  setting.variables = {variable_of(setting.path)};
  setting.description = "Names of further API keys; each is in HUNTER_API_KEY_NAME";
  setting.accepts = "names of small letters, digits and hyphens with commas between";
  setting.assign = [](Config& config, Text text) {
    const auto names = parse_words(text);
    if (!names || !std::all_of(names->begin(), names->end(), is_key_name))
      return false;
    for (const auto& name : *names)
      config.api.named_keys[name];
    return true;
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
  return {
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
      parse_words, show_words),
  };
}

} // namespace gleaner
