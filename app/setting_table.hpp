#pragma once

#include "app/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gleaner {

/// Builds the table of all settings: the one place where a setting is defined.
std::vector<Setting> all_settings();

/// The part of it that begins with "redis.".
std::vector<Setting> redis_settings();

/// The part of it that begins with "queue.".
std::vector<Setting> queue_settings();
std::vector<Setting> cluster_settings();
std::vector<Setting> tracing_settings();

/// Why an API key can't be called so, and what to do; "" when it can: small letters, digits and
/// hyphens, at most 32, and no name that means something else.
std::string fault_of_key_name(std::string_view name);

/// The variable of an API key: "HUNTER_API_KEY_TEAM_A" for "team-a".
std::string key_variable(const std::string& name);

/// The setting that names further API keys.
Setting key_names_setting();

/// The settings of the further API key of that name, which begin with "api.keys.NAME.".
std::vector<Setting> key_settings(const std::string& name);

/// What to say of a path that is none of theirs; "" when its section is at fault.
std::string hint_for_key_setting(std::string_view path);

} // namespace gleaner
