#pragma once

#include "app/exit_code.hpp"
#include "core/config.hpp"
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

/// Findings in the answer of INFO (its lines). What a server hides is a warning: hosted ones hide
/// much.
std::vector<HealthCheck> judge_redis(const std::string& info);

} // namespace gleaner
