#pragma once

#include "messages/registry.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>

#include <utility>
#include <vector>

namespace gleaner::test {

/// One thread, fake time: no actor runs and no timer fires unless asked.
class DeterministicSystem {
public:
  DeterministicSystem() : system_(configured(config_)) {
    sched().clock().current_time += std::chrono::hours{1};
  }

  ~DeterministicSystem() {
    // Without the kills the system's destructor waits for actors that nobody runs.
    run();
    for (const auto& address : spawned_)
      caf::anon_send_exit(address, caf::exit_reason::kill);
    run();
    sched().clock().cancel_all();
    run();
  }

  /// Spawns an actor that ends with this fixture.
  template <class... Ts>
  auto spawn(Ts&&... args) {
    auto handle = system_.spawn(std::forward<Ts>(args)...);
    spawned_.push_back(handle.address());
    return handle;
  }

  /// Runs until no actor has anything to do.
  void run() {
    while (sched().try_run_once()) {
    }
  }

  /// The actors' time.
  std::chrono::steady_clock::time_point now() { return sched().clock().now(); }

  template <class Duration>
  void advance(Duration duration) {
    sched().advance_time(duration);
    run();
  }

  /// Time passes in the middle of a step: no timer fires before the next advance().
  template <class Duration>
  void pass(Duration duration) {
    sched().clock().current_time += duration;
  }

  /// As `sender`, so that the receiver answers there.
  template <class Sender, class Receiver, class Message>
  void send_as(const Sender& sender, const Receiver& receiver, Message message) {
    caf::send_as(sender, receiver, std::move(message));
    run();
  }

  caf::actor_system& system() { return system_; }

private:
  static caf::actor_system_config& configured(caf::actor_system_config& config) {
    register_messages(config);
    config.set("scheduler.policy", caf::atom("testing"));
    return config;
  }
  caf::scheduler::test_coordinator& sched() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler());
  }

  caf::actor_system_config config_;
  caf::actor_system system_;
  std::vector<caf::actor_addr> spawned_;
};

} // namespace gleaner::test
