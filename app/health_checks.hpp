#pragma once

#include "app/exit_code.hpp"
#include "core/config.hpp"
#include "core/error.hpp"
#include "core/provider_profile.hpp"

#include <string>
#include <vector>

namespace gleaner {

/// One finding about the surroundings.
struct HealthCheck {
  enum class Verdict { ok, warn, fail };
  Verdict verdict = Verdict::ok;
  std::string name;
  std::string detail;         ///< What was found and, unless ok, what to do.
  Errc code = Errc::internal; ///< fail only.
};

/// Looks at everything that `gleaner run` needs, without changing anything but for the store: its
/// folder is made when it is missing, and a file is written into it and removed. Blocks for as long
/// as API and Redis take.
std::vector<HealthCheck> check_health(const Config& config, const ProviderProfile& profile,
                                      const std::string& version);

/// What `error` says, as a failure.
HealthCheck failed_check(const std::string& name, const Error& error);

} // namespace gleaner
