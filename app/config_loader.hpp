#pragma once

#include "app/settings.hpp"
#include "core/config.hpp"
#include "core/provider_profile.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gleaner {

/// Where settings may come from besides their defaults.
struct ConfigSources {
  std::map<std::string, std::string> flags; ///< By setting path.
  /// Value of an environment variable; nothing when unset.
  std::function<std::optional<std::string>(const std::string&)> environment;
  std::vector<std::string> variable_names;   ///< Of those that are set.
  std::optional<std::string> file;           ///< Named by the user: must exist.
  std::string default_file = "gleaner.toml"; ///< Read when it exists.
};

/// The settings and where each came from ("default", "flag --queue", "REDIS_URL",
/// "gleaner.toml:3:1", "profile my.toml").
struct LoadedConfig {
  Config config;
  std::vector<Setting> settings;              ///< The fixed ones and those of each further API key.
  ProviderProfile profile;                    ///< Of the API; good when there are no problems.
  std::string profile_text;                   ///< The file that it was read from.
  std::map<std::string, std::string> origins; ///< By setting path.
  std::vector<std::string> warnings;
  std::vector<std::string> problems; ///< Each names place, value and remedy; any of them is fatal.
};

/// Flag beats environment beats file beats default, for each setting on its own. An empty variable
/// counts as unset.
LoadedConfig load_config(const ConfigSources& sources);

} // namespace gleaner
