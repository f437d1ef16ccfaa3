#pragma once

#include "adapters/profile/profile_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace gleaner::test {

/// The built-in profile with the first place of `from` replaced.
inline std::string changed_profile(const std::string& from, const std::string& to) {
  std::string text{profile::builtin_text()};
  const auto at = text.find(from);
  BOOST_REQUIRE_MESSAGE(at != std::string::npos, "the profile has no " << from);
  return text.replace(at, from.size(), to);
}

/// The same with something at its end, where the tables [[answer]] are.
inline std::string extended_profile(const std::string& more) {
  return std::string{profile::builtin_text()} + "\n[[answer]]\n" + more + '\n';
}

} // namespace gleaner::test
