#pragma once

#include "actors/interfaces.hpp"
#include "messages/registry.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <tuple>
#include <vector>

namespace gleaner::test {

/// Keeps every message of each kind that an actor received, in order.
template <class... Messages>
class Inbox {
public:
  template <class Message>
  std::vector<Message>& all() {
    return std::get<std::vector<Message>>(kept_);
  }
  template <class Message>
  std::size_t count() {
    return all<Message>().size();
  }
  template <class Message>
  const Message& last() {
    return all<Message>().back();
  }

private:
  std::tuple<std::vector<Messages>...> kept_;
};

namespace detail {

template <class Signature>
struct InputOf;
template <class Message, class Output>
struct InputOf<caf::typed_mpi<caf::detail::type_list<Message>, Output>> {
  using type = Message;
};

template <class Handle>
struct RecorderOf;
template <class... Signatures>
struct RecorderOf<caf::typed_actor<Signatures...>> {
  using InboxType = Inbox<typename InputOf<Signatures>::type...>;

  static auto behavior(const std::shared_ptr<InboxType>& inbox) {
    return [inbox](typename caf::typed_actor<Signatures...>::pointer) ->
           typename caf::typed_actor<Signatures...>::behavior_type {
             return {[inbox](const typename InputOf<Signatures>::type& message) {
               inbox->template all<typename InputOf<Signatures>::type>().push_back(message);
             }...};
           };
  }
};

} // namespace detail

/// Stands in for an actor of interface `Handle`: understands all its messages and only keeps them.
template <class Handle>
struct Recorder {
  using InboxType = typename detail::RecorderOf<Handle>::InboxType;

  template <class System>
  explicit Recorder(System& system)
      : inbox(std::make_shared<InboxType>()),
        handle(system.spawn(detail::RecorderOf<Handle>::behavior(inbox))) {}

  template <class Message>
  std::vector<Message>& all() {
    return inbox->template all<Message>();
  }
  template <class Message>
  std::size_t count() {
    return inbox->template count<Message>();
  }
  template <class Message>
  const Message& last() {
    return inbox->template last<Message>();
  }

  std::shared_ptr<InboxType> inbox;
  Handle handle;
};

} // namespace gleaner::test
