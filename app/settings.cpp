#include "app/settings.hpp"

#include "app/setting_table.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace gleaner {

namespace {

/// Edits that turn one text into the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

} // namespace

std::string variable_of(std::string_view path) {
  std::string name = "GLEANER_";
  for (const char c : path)
    name += c == '.'
              ? "__"
              : std::string(1, static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
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
  std::string closest;
  auto least = mistyped.size() / 2 + 1;
  for (const auto& setting : settings())
    if (const auto edits = distance(mistyped, setting.path); edits < least) {
      least = edits;
      closest = setting.path;
    }
  return closest;
}

std::string settings_table() {
  const Config defaults;
  std::string table = "| setting | variables | flag | default | meaning | accepts |\n"
                      "|---|---|---|---|---|---|\n";
  for (const auto& setting : settings()) {
    std::string variables;
    for (const auto& name : setting.variables)
      variables += (variables.empty() ? "`" : ", `") + name + '`';
    const auto value = setting.show(defaults);
    table += "| `" + setting.path + "` | " + variables + " | " +
             (setting.flag.empty() ? "-" : '`' + setting.flag + '`') + " | " +
             (value.empty() ? "-" : '`' + value + '`') + " | " + setting.description + " | " +
             setting.accepts + " |\n";
  }
  return table;
}

} // namespace gleaner
