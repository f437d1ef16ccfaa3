#pragma once

#include "core/config.hpp"
#include "core/result.hpp"

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
  bool secret = false;  ///< Masked when shown; each variable has a twin ending in _FILE.
  std::string inherits; ///< Path of the setting whose value it has when it is not set; or "".
  /// What the flag's value is called in the help: "FILE" and "FOLDER" for paths, "VALUE:{a,b}" for
  /// one of several; shells complete these.
  std::string value_name = "VALUE";

  /// Fails when the text is not acceptable; the error has no detail where `accepts` says it all.
  std::function<Status(Config&, std::string_view)> assign;
  std::function<std::string(const Config&)> show;
};

/// Every setting there is, in the order of the manual.
std::span<const Setting> settings();

/// The setting at `path`, or nullptr.
const Setting* find_setting(std::string_view path);

/// The path most like a mistyped one, or "".
std::string closest_path(std::string_view mistyped);

/// What to say of a mistyped path that is most like `closest`; "" when it is like none.
std::string hint_for(const std::string& closest);

/// "GLEANER_REDIS__URL" for "redis.url".
std::string variable_of(std::string_view path);

/// Settings as the manual shows them, in Markdown.
std::string settings_table(std::span<const Setting> settings);

} // namespace gleaner
