#pragma once

#include "actors/interfaces.hpp"
#include "core/log.hpp"

#include <caf/event_based_actor.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

namespace gleaner {

/// What a node joins one coordinator with. Pointers outlive the actor.
struct CoordinatorDialerDeps {
  std::string coordinator; ///< Its address, for the log.
  std::uint16_t port = 0;  ///< On this machine: its own, or that of the tunnel to it.
  std::string node;        ///< Our name.
  std::string version;     ///< Of this program, for people.
  /// A server for this coordinator.
  std::function<PageServerActor()> spawn_server;
  std::atomic<std::uint32_t>* joined = nullptr; ///< Coordinators that we serve; counted here.
  EventLog* log = nullptr;
};

/// Joins the coordinator, and again whenever it was lost, for as long as it lives. To be ended by
/// exit_reason::user_shutdown: the server then finishes what it has, and the dialer ends with it.
caf::behavior coordinator_dialer(caf::event_based_actor* self, CoordinatorDialerDeps deps);

} // namespace gleaner
