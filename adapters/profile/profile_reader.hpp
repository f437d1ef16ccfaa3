#pragma once

#include "core/provider_profile.hpp"
#include "core/result.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Provider profiles in their TOML form; the built-in one, hunter.toml, documents it.
namespace gleaner::profile {

/// What a text says. `profile` is good only without problems.
struct ProfileReading {
  ProviderProfile profile;
  std::vector<std::string> problems; ///< Each names file, line, column, key and remedy.
};

/// Reads and checks a whole text; `file` is what problems call it.
ProfileReading parse_profile(std::string_view text, const std::string& file);

/// The text of a file of at most 256 KiB; Errc::usage with the remedy when it can't be read.
Result<std::string> read_profile_file(const std::string& path);

/// The text of hunter.toml, which the binary holds.
std::string_view builtin_text();

/// What it says. A program whose own profile is bad does not run: std::logic_error.
const ProviderProfile& builtin_profile();

} // namespace gleaner::profile
