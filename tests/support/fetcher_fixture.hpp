#pragma once

#include "actors/hunter_fetcher.hpp"
#include "adapters/profile/profile_reader.hpp"
#include "tests/support/deterministic_system.hpp"
#include "tests/support/recorder.hpp"
#include "tests/support/scripted_api.hpp"

#include <prometheus/registry.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>

namespace gleaner::test {

/// What a fetcher borrows.
struct FetcherFakes {
  ScriptedApi api;
  prometheus::Registry registry;
  ApiMetrics metrics{registry};
};

/// A fetcher among recorders.
struct FetcherFixture : FetcherFakes, DeterministicSystem {
  Recorder<RateGovernorActor> governor{*this};
  Recorder<JobCoordinatorActor> coordinator{*this};
  Recorder<RateGovernorActor> count_governor{*this};
  HunterFetcherActor fetcher =
    spawn(hunter_fetcher, HunterFetcherDeps{channels(), &profile::builtin_profile(), 3});

  std::shared_ptr<const std::map<std::string, KeyChannel>> channels() {
    const KeyChannel channel{&api, governor.handle, count_governor.handle, &metrics};
    return std::make_shared<const std::map<std::string, KeyChannel>>(
      std::map<std::string, KeyChannel>{{"default", channel}});
  }

  void ask(std::chrono::seconds lease = std::chrono::hours{1}) {
    send_as(coordinator.handle, fetcher,
            FetchPage{"7", "default", {"acme.test", 100, 50}, now() + lease});
  }
  /// The first page, with its count before.
  void ask_counted() {
    send_as(
      coordinator.handle, fetcher,
      FetchPage{"7", "default", {"acme.test", 0, 50}, now() + std::chrono::hours{1}, 1, true});
  }
  void grant() {
    send_as(governor.handle, fetcher, PermitGranted{"7", 100, {}, now() + std::chrono::hours{1}});
  }
};

} // namespace gleaner::test
