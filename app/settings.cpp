#include "app/settings.hpp"

#include "app/setting_table.hpp"
#include "core/closest_name.hpp"

#include <cctype>
#include <vector>

namespace gleaner {

std::string variable_of(std::string_view path) {
  std::string name = "GLEANER_";
  for (const char c : path)
    if (c == '.')
      name += "__";
    else
      name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

std::span<const Setting> settings() {
  static const auto all = all_settings();
  return all;
}

const Setting* find_setting(std::string_view path) {
  for (const auto& setting : settings())
    if (setting.path == path)
      return &setting;
  return nullptr;
}

std::string closest_path(std::string_view mistyped) {
  std::vector<std::string_view> paths;
  for (const auto& setting : settings())
    paths.push_back(setting.path);
  return closest_name(mistyped, paths);
}

std::string hint_for(const std::string& closest) {
  return closest.empty() ? "`gleaner config show` lists them all" : "did you mean " + closest + '?';
}

std::string settings_table(std::span<const Setting> settings) {
  const Config defaults;
  std::string table = "| setting | variables | flag | default | meaning | accepts |\n"
                      "|---|---|---|---|---|---|\n";
  for (const auto& setting : settings) {
    std::string variables;
    for (const auto& name : setting.variables)
      variables += (variables.empty() ? "`" : ", `") + name + '`';
    const auto value = setting.inherits.empty() ? setting.show(defaults) : setting.inherits;
    table += "| `" + setting.path + "` | " + variables + " | " +
             (setting.flag.empty() ? "-" : '`' + setting.flag + '`') + " | " +
             (value.empty() ? "-" : '`' + value + '`') + " | " + setting.description + " | " +
             setting.accepts + " |\n";
  }
  return table;
}

} // namespace gleaner
