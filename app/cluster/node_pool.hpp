#pragma once

#include "core/api_answer.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace gleaner {

/// What a process that gets pages itself is called in its pool.
inline constexpr const char* own_name = "here";

/// An order for one page: `number` names it in the answer.
struct PageOrder {
  std::uint64_t number = 0;
  std::string key; ///< Name of the API key.
  PageRequest request;
  std::chrono::steady_clock::time_point send_before;
};

/// Who can get pages: this process itself and the nodes that have joined it. A page goes where the
/// smallest part of the room is taken, so that a slow node gets less. Thread-safe; functions are
/// called without a lock held.
class NodePool {
public:
  using NodeId = std::uint64_t;
  using Reply = std::function<void(ApiAnswer)>;
  /// Carries an order to the node; must not block.
  using Send = std::function<void(PageOrder order)>;

  enum class Standing : std::uint8_t { joined, left, lost };

  struct State {
    std::string name;
    std::string version; ///< Of its program.
    std::uint32_t slots = 0;
    std::uint32_t busy = 0;
    std::uint64_t served = 0; ///< Answers, of whatever kind, since it joined.
    bool drained = false;     ///< The operator wants it to get nothing.
    Standing standing = Standing::joined;
  };

  /// `changed` is told how many pages all nodes together can get at once, now and whenever that
  /// changes. @pre no node was added
  void watch_room(std::function<void(std::uint32_t slots)> changed) {
    room_changed_ = std::move(changed);
    room_changed_(0);
  }

  NodeId next_id();
  /// @pre `node` is from next_id(), and new
  void add(NodeId node, std::string name, std::string version, Send send, std::uint32_t slots);
  void resize(NodeId node, std::uint32_t slots);
  /// Nodes of these names get nothing more, now or when they join; all others do.
  void drain(std::set<std::string> names);
  /// What the node was asked for gets Transport::node_lost. `how` it went is remembered for
  /// nodes().
  void remove(NodeId node, Standing how);

  /// `reply` comes exactly once unless the pool goes first: Transport::unsent when nobody has room.
  void order(const std::string& key, const PageRequest& request,
             std::chrono::steady_clock::time_point send_before, Reply reply);
  /// The answer of a node; one that was not asked for, or was given up, is ignored.
  void served(NodeId node, std::uint64_t number, ApiAnswer answer);

  /// Forgets all nodes; replies that are open do not come.
  void close();

  /// All that have joined, then those that went, of each name the last, at most 64.
  std::vector<State> nodes() const;
  std::size_t joined() const; ///< How many are there.

private:
  struct Node {
    State state;
    Send send;
    std::map<std::uint64_t, Reply> open;
  };
  Node* roomiest();
  std::uint32_t room() const;
  void remember(State gone, Standing how);
  void forget(const std::string& name);

  std::function<void(std::uint32_t)> room_changed_;
  mutable std::mutex mutex_;
  std::map<NodeId, Node> nodes_;
  std::set<std::string> drained_; ///< Names.
  std::deque<State> gone_;        ///< The last to go is the last.
  NodeId last_node_ = 0;
  std::uint64_t last_number_ = 0;
};

} // namespace gleaner
