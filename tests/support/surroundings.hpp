#pragma once

#include "adapters/profile/profile_reader.hpp"
#include "app/health_checks.hpp"
#include "tests/simulator/hunter_simulator.hpp"
#include "tests/support/print_error.hpp"
#include "tests/support/redis_fixture.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

namespace gleaner {

inline std::ostream& boost_test_print_type(std::ostream& out, HealthCheck::Verdict verdict) {
  using Verdict = HealthCheck::Verdict;
  return out << (verdict == Verdict::ok ? "ok" : verdict == Verdict::warn ? "warn" : "fail");
}

} // namespace gleaner

namespace gleaner::test {

inline const HealthCheck& named(const std::vector<HealthCheck>& checks, const std::string& name) {
  const auto found = std::find_if(checks.begin(), checks.end(),
                                  [&name](const HealthCheck& each) { return each.name == name; });
  BOOST_REQUIRE_MESSAGE(found != checks.end(), "no check of " << name);
  return *found;
}

inline bool tells(const HealthCheck& check, const std::string& text) {
  return check.detail.find(text) != std::string::npos;
}

/// Surroundings in which all is well.
struct Surroundings {
  sim::HunterSimulator api;
  TemporaryFolder folder;
  Config config;

  Surroundings() {
    api.start();
    config.api.url = api.api_url();
    config.api.key = "a-good-key";
    config.redis = shared_redis().config();
    config.store.folder = folder / "collections";
    config.state_folder = folder / "state";
    config.http.listen = "127.0.0.1:0";
  }
  std::vector<HealthCheck> check() const {
    return check_health(config, profile::builtin_profile(), "0");
  }
  /// Anything that comes in place of the one Redis.
  void without_redis_url() { config.redis.url.clear(); }
};

} // namespace gleaner::test
