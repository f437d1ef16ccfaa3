#pragma once

#include "actors/counted_actor.hpp"
#include "actors/interfaces.hpp"
#include "core/log.hpp"
#include "core/ports/tracer.hpp"
#include "core/remote_clock.hpp"
#include "messages/cluster.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace gleaner {

/// What a link works with: app/ builds it, tests fake it. The functions are called on the link's
/// thread.
struct NodeLinkDeps {
  PageServerActor server; ///< In the node's process.
  std::string name;       ///< Of the node, for people.
  /// The link is there and may be sent orders, once there are slots.
  std::function<void(const NodeLinkActor& link)> begun;
  /// The node's order is answered.
  std::function<void(std::uint64_t number, ApiAnswer answer)> served;
  /// So many pages at once may be ordered from the node.
  std::function<void(std::uint32_t slots)> slots_changed;
  /// Nothing more will come from the node: what it was asked for is lost. `leave_taken`: there was
  /// nothing, it has ended its work and said so.
  std::function<void(bool leave_taken)> gone;
  /// Tells the API keys of this process from others, as Pong::keys.
  std::function<std::string()> keys;
  EventLog* log = nullptr;  ///< Outlives the actor.
  Tracer* tracer = nullptr; ///< Likewise; null: nothing is traced.
  std::chrono::milliseconds ping_interval{1000};
  std::chrono::milliseconds patience{8000}; ///< Of silence; then the node is given up.
};

/// Asks the node each second how it is, since a cut line and a stopped process look like a silent
/// one to TCP, and gives it up for good after `patience`: the node has to join again.
struct NodeLinkState {
  using Self = CountedPointer<NodeLinkState, NodeLinkActor>;
  static inline const char* name = "NodeLink";

  explicit NodeLinkState(Self owner) : self(owner) {}
  void begin(NodeLinkDeps with);
  void order(const PageOrdered& msg);
  void served(PageServed& msg);
  void pong(const Pong& msg);
  void ping();
  void server_down(const caf::error& reason);
  void give_up(const std::string& why);

  Self self;

private:
  void set_slots(std::uint32_t slots);
  TraceContext begin_span(const PageOrdered& msg);
  void end_span(std::map<std::uint64_t, Span>::iterator entry, const char* error);

  NodeLinkDeps deps_;
  RemoteClock clock_;
  SteadyTime last_heard_;
  std::uint64_t last_ping_ = 0;
  std::uint32_t slots_ = 0;
  bool told_of_keys_ = false;
  std::map<std::uint64_t, Span> spans_; ///< Of orders that are traced and not answered, by number.
};

NodeLinkActor::behavior_type node_link(NodeLinkState::Self self, NodeLinkDeps deps);

} // namespace gleaner
