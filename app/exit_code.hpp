#pragma once

#include "core/error.hpp"

#include <string>
#include <vector>

namespace gleaner {

/// Exit codes of every command; scripts rely on the numbers.
enum class ExitCode : int {
  ok = 0,
  failed = 1,
  usage = 2, ///< Wrong command line or configuration.
  not_found = 3,
  partial = 4, ///< Some of several things were done.
  quota_exceeded = 5,
  redis_unreachable = 6,
  key_rejected = 7, ///< Missing or rejected API key.
  timed_out = 8,
  store_unwritable = 9,
  state_in_use = 10,
};

/// The code that a command ends with when this error ended it.
ExitCode exit_code_of(Errc code) noexcept;

/// What a code, or two, says to people.
struct ExitCodeMeaning {
  std::string code; ///< "130, 143"
  std::string meaning;
};

/// All codes that a command may end with, as the manual has them.
std::vector<ExitCodeMeaning> exit_code_meanings();

} // namespace gleaner
