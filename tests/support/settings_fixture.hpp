#pragma once

#include "app/config_loader.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include <map>
#include <optional>
#include <string>

namespace gleaner::test {

/// Settings of variables and of a folder of their own, never of the machine's.
struct SettingsFixture {
  TemporaryFolder folder;
  std::map<std::string, std::string> variables;
  ConfigSources sources;

  SettingsFixture() {
    sources.default_file = folder / "gleaner.toml";
    sources.environment = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional{found->second};
    };
  }

  /// Answers the path.
  std::string write(const std::string& name, const std::string& text, mode_t mode = 0600) {
    auto path = folder / name;
    write_file(path, text);
    ::chmod(path.c_str(), mode);
    return path;
  }
  LoadedConfig load() { return load_config(sources); }
  std::string only_problem() {
    const auto loaded = load();
    BOOST_REQUIRE(loaded.problems.size() == 1u);
    return loaded.problems.front();
  }
};

} // namespace gleaner::test
