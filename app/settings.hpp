#pragma once

#include "core/config.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gleaner {

/// One setting: how it is called in each place, what it accepts, where its value goes.
struct Setting {
  std::string path; ///< In the file: "redis.url" is `url` in [redis].
  std::string description;
  std::string accepts; ///< "a duration such as 30s", for error texts and the manual.
  std::string flag;    ///< "--redis-url"; empty for secrets, which never stand on a command line.
  std::vector<std::string> variables; ///< Environment variables, the first that is set wins.
  bool secret = false; ///< Masked when shown; each variable has a twin ending in _FILE.
  /// What the flag's value is called in the help: "FILE" and "FOLDER" for paths, "VALUE:{a,b}" for
  /// one of several; shells complete these.
  std::string value_name = "VALUE";

  std::function<bool(Config&, std::string_view)> assign; ///< False: not acceptable.
  std::function<std::string(const Config&)> show;
};

/// Every setting there is, in the order of the manual.
std::span<const Setting> settings();

/// The setting at `path`, or nullptr.
const Setting* find_setting(std::string_view path);

/// The path most like a mistyped one, or "".
std::string closest_path(std::string_view mistyped);

/// "GLEANER_REDIS__URL" for "redis.url".
std::string variable_of(std::string_view path);

/// The manual's table of all settings, as Markdown.
std::string settings_table();

} // namespace gleaner
