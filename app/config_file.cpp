#include "app/config_file.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <string>

namespace gleaner {

namespace {

std::string place_of(const std::string& file, const toml::source_region& source) {
  return file + ':' + std::to_string(source.begin.line) + ':' + std::to_string(source.begin.column);
}

void flatten(const std::string& file, const std::string& prefix, const toml::table& table,
             ConfigFile& into) {
  for (const auto& [key, node] : table) {
    const auto path = prefix + std::string{key.str()};
    if (const auto* inner = node.as_table()) {
      into.sections.push_back({path, {}, place_of(file, inner->source())});
      flatten(file, path + '.', *inner, into);
      continue;
    }
    const auto place = place_of(file, node.source());
    if (const auto* text = node.as_string())
      into.values.push_back({path, text->get(), place});
    else if (const auto* number = node.as_integer())
      into.values.push_back({path, std::to_string(number->get()), place});
    else if (const auto* flag = node.as_boolean())
      into.values.push_back({path, flag->get() ? "true" : "false", place});
    else
      into.problems.push_back(
        place + ": " + path +
        (node.is_array()
           ? " is a list; write one text with commas between, such as \"a,b\""
           : " is neither a text nor a whole number; write one of them, texts in quotes"));
  }
}

} // namespace

ConfigFile read_config_file(const std::string& path) {
  ConfigFile file;
  try {
    flatten(path, "", toml::parse_file(path), file);
  } catch (const toml::parse_error& error) {
    std::string what{error.description()};
    std::replace_if( // it quotes the file
      what.begin(), what.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; }, '?');
    file.problems.push_back(place_of(path, error.source()) + ": " + what);
  }
  return file;
}

} // namespace gleaner
