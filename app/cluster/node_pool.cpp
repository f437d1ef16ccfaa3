#include "app/cluster/node_pool.hpp"

#include <utility>

namespace gleaner {

namespace {

ApiAnswer without_answer(ApiAnswer::Transport transport, const char* problem) {
  ApiAnswer answer;
  answer.transport = transport;
  answer.problem = problem;
  return answer;
}

} // namespace

NodePool::NodeId NodePool::next_id() {
  const std::lock_guard guard{mutex_};
  return ++last_node_;
}

void NodePool::add(NodeId node, std::string name, std::string version, Send send,
                   std::uint32_t slots) {
  std::unique_lock lock{mutex_};
  const bool drained = drained_.count(name) > 0;
  forget(name);
  nodes_.emplace(node,
                 Node{{std::move(name), std::move(version), slots, 0, 0, drained, Standing::joined},
                      std::move(send),
                      {}});
  const auto now = room();
  lock.unlock();
  room_changed_(now);
}

void NodePool::resize(NodeId node, std::uint32_t slots) {
  std::unique_lock lock{mutex_};
  const auto entry = nodes_.find(node);
  if (entry == nodes_.end())
    return;
  entry->second.state.slots = slots;
  const auto now = room();
  lock.unlock();
  room_changed_(now);
}

void NodePool::remove(NodeId node, Standing how) {
  std::unique_lock lock{mutex_};
  auto gone = nodes_.extract(node);
  if (gone.empty())
    return;
  remember(gone.mapped().state, how);
  const auto now = room();
  lock.unlock();
  room_changed_(now); // first: the pages that come back shall not count on it
  for (auto& [number, reply] : gone.mapped().open)
    reply(without_answer(ApiAnswer::Transport::node_lost, "the node is gone"));
}

void NodePool::order(const std::string& key, const PageRequest& request,
                     std::chrono::steady_clock::time_point send_before, Reply reply) {
  std::unique_lock lock{mutex_};
  auto* const node = roomiest();
  if (!node) {
    lock.unlock();
    return reply(without_answer(ApiAnswer::Transport::unsent, "no node has room"));
  }
  PageOrder order{++last_number_, key, request, send_before};
  ++node->state.busy;
  node->open.emplace(order.number, std::move(reply));
  const auto send = node->send;
  lock.unlock();
  send(std::move(order));
}

void NodePool::served(NodeId node, std::uint64_t number, ApiAnswer answer) {
  std::unique_lock lock{mutex_};
  const auto entry = nodes_.find(node);
  if (entry == nodes_.end())
    return;
  const auto open = entry->second.open.extract(number);
  if (open.empty())
    return;
  --entry->second.state.busy;
  ++entry->second.state.served;
  lock.unlock();
  open.mapped()(std::move(answer));
}

void NodePool::drain(std::set<std::string> names) {
  std::unique_lock lock{mutex_};
  if (names == drained_)
    return;
  drained_ = std::move(names);
  for (auto& [id, node] : nodes_)
    node.state.drained = drained_.count(node.state.name) > 0;
  const auto now = room();
  lock.unlock();
  room_changed_(now);
}

void NodePool::close() {
  std::unique_lock lock{mutex_};
  const auto all = std::exchange(nodes_, {});
  lock.unlock(); // what they hold may hold the pool
}

std::vector<NodePool::State> NodePool::nodes() const {
  const std::lock_guard guard{mutex_};
  std::vector<State> all;
  for (const auto& [id, node] : nodes_)
    all.push_back(node.state);
  all.insert(all.end(), gone_.begin(), gone_.end());
  return all;
}

std::size_t NodePool::joined() const {
  const std::lock_guard guard{mutex_};
  return nodes_.size();
}

void NodePool::remember(State gone, Standing how) {
  constexpr std::size_t most = 64;
  forget(gone.name);
  gone.busy = gone.slots = 0;
  gone.standing = how;
  gone_.push_back(std::move(gone));
  if (gone_.size() > most)
    gone_.pop_front();
}

void NodePool::forget(const std::string& name) {
  std::erase_if(gone_, [&name](const State& gone) { return gone.name == name; });
}

NodePool::Node* NodePool::roomiest() {
  Node* best = nullptr;
  const auto part_taken = [](const Node& node) {
    return static_cast<double>(node.state.busy) / node.state.slots;
  };
  for (auto& [id, node] : nodes_)
    if (!node.state.drained && node.state.busy < node.state.slots &&
        (!best || part_taken(node) < part_taken(*best)))
      best = &node;
  return best;
}

std::uint32_t NodePool::room() const {
  std::uint32_t all = 0;
  for (const auto& [id, node] : nodes_)
    all += node.state.drained ? 0 : node.state.slots;
  return all;
}

} // namespace gleaner
