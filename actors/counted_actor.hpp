#pragma once

#include <caf/actor_config.hpp>
#include <caf/execution_unit.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/resumable.hpp>
#include <caf/stateful_actor.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace gleaner {

/// All actors of one kind in this process. May be read from any thread, also while they are stuck.
struct ActorCensus {
  std::atomic<std::int64_t> alive{0};
  std::atomic<std::int64_t> waiting{0}; ///< Messages in their mailboxes, but those being handled.
};

/// Of the actors with this state.
template <class State>
inline ActorCensus census_of;

/// What an actor with this state and interface derives from, so that it and its mailbox are counted
/// (CAF 0.17 has no figures of its own). A message costs two atomic additions.
template <class State, class Interface>
class CountedActor : public Interface::base {
public:
  using Base = typename Interface::base;

  explicit CountedActor(caf::actor_config& config) : Base(config) { ++census_of<State>.alive; }
  ~CountedActor() override {
    --census_of<State>.alive;
    show_waiting(0);
  }

  using Base::enqueue;
  void enqueue(caf::mailbox_element_ptr message, caf::execution_unit* host) override {
    ++waiting_;
    ++census_of<State>.waiting;
    Base::enqueue(std::move(message), host);
  }

  /// In rounds, after each of which is counted what is left: one message that comes just then may
  /// be missed until the next. Whoever gets another answer than resume_later may no longer touch
  /// the mailbox: another thread may be at it already.
  caf::resumable::resume_result resume(caf::execution_unit* host, std::size_t most) override {
    for (;;) {
      const auto round = std::min<std::size_t>(most, 64);
      const auto result = Base::resume(host, round);
      if (result != caf::resumable::resume_later) {
        show_waiting(0);
        return result;
      }
      show_waiting(static_cast<std::int64_t>(this->mailbox().size()));
      most -= round;
      if (most == 0)
        return result;
    }
  }

private:
  void show_waiting(std::int64_t messages) {
    census_of<State>.waiting += messages - waiting_.exchange(messages);
  }

  std::atomic<std::int64_t> waiting_{0}; ///< Our part.
};

/// How its functions know such an actor.
template <class State, class Interface>
using CountedPointer = caf::stateful_actor<State, CountedActor<State, Interface>>*;

} // namespace gleaner
