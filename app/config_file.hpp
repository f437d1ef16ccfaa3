#pragma once

#include <string>
#include <vector>

namespace gleaner {

/// One value of a configuration file, in its text form.
struct FileValue {
  std::string path; ///< "redis.url"
  std::string text;
  std::string place; ///< "gleaner.toml:3:7"
};

struct ConfigFile {
  std::vector<FileValue> values;
  std::vector<FileValue> sections;   ///< Without a text; those without values too.
  std::vector<std::string> problems; ///< With file:line:column.
};

/// Reads a TOML file. A value that is neither text, whole number nor boolean is a problem.
ConfigFile read_config_file(const std::string& path);

} // namespace gleaner
