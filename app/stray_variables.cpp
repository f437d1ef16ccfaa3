#include "app/stray_variables.hpp"

#include "core/closest_name.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace gleaner {

namespace {

constexpr std::string_view key_prefix = "HUNTER_API_KEY_";
constexpr std::string_view telemetry_prefix = "OTEL_"; ///< OpenTelemetry's.
constexpr std::string_view named_keys_prefix = "GLEANER_API__KEYS__";

/// With the twins that name files.
std::set<std::string> variables_of(const std::vector<Setting>& settings) {
  std::set<std::string> all;
  for (const auto& setting : settings)
    for (const auto& name : setting.variables) {
      all.insert(name);
      if (setting.secret)
        all.insert(name + "_FILE");
    }
  return all;
}

/// "GLEANER_REDIS__" and the like.
std::set<std::string> section_prefixes(const std::vector<Setting>& settings) {
  std::set<std::string> all;
  for (const auto& setting : settings)
    if (const auto dot = setting.path.find('.'); dot != std::string::npos)
      all.insert(variable_of(std::string_view{setting.path}.substr(0, dot + 1)));
  return all;
}

bool has_section(const std::string& name, const std::set<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const auto& prefix) { return name.starts_with(prefix); });
}

std::string shown_name(const std::string& name) {
  constexpr std::size_t longest = 100;
  return name.size() > longest ? name.substr(0, longest) + "..." : name;
}

std::string suggestion(const std::string& name, const std::set<std::string>& known) {
  std::vector<std::string_view> alike; // with the same beginning
  for (const auto& each : known)
    if (each.starts_with(name.substr(0, name.find('_') + 1)))
      alike.push_back(each);
  return hint_for(closest_name(shown_name(name), alike));
}

} // namespace

void report_stray_variables(LoadedConfig& loaded, std::vector<std::string> names) {
  const auto known = variables_of(loaded.settings);
  const auto prefixes = section_prefixes(loaded.settings);
  std::sort(names.begin(), names.end());
  for (const auto& name : names) {
    if (known.contains(name))
      continue;
    if (name.starts_with(named_keys_prefix))
      loaded.problems.push_back(shown_name(name) +
                                ": not a variable; settings of one of several keys stand in the "
                                "file, in [api.keys.NAME]");
    else if (has_section(name, prefixes))
      loaded.problems.push_back(shown_name(name) + ": no setting has this variable; " +
                                suggestion(name, known));
    else if (name.starts_with(key_prefix))
      loaded.warnings.push_back(shown_name(name) +
                                " is not used: api.key_names has no key of that name");
    else if (name.starts_with(telemetry_prefix))
      loaded.warnings.push_back(shown_name(name) + " is not used: no setting has this variable; " +
                                suggestion(name, known));
  }
}

} // namespace gleaner
