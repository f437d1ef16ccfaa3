#include "actors/node_link.hpp"

#include "core/span_names.hpp"
#include "messages/registry.hpp"

#include <algorithm>
#include <utility>

namespace gleaner {

namespace {

/// More is not believed: so many pages of a size that is usual are some 100 MB.
constexpr std::uint32_t most_slots = 1024;

ApiAnswer unsent(std::string why) {
  ApiAnswer answer;
  answer.transport = ApiAnswer::Transport::unsent;
  answer.problem = std::move(why);
  return answer;
}

} // namespace

NodeLinkActor::behavior_type node_link(NodeLinkState::Self self, NodeLinkDeps deps) {
  self->set_down_handler(
    [self](const caf::down_msg& down) { self->state.server_down(down.reason); });
  self->set_default_handler(caf::drop); // of another process: CAF's own would print it
  self->monitor(deps.server);
  self->state.begin(std::move(deps));
  return {
    [self](const PageOrdered& msg) { self->state.order(msg); },
    [self](PageServed& msg) { self->state.served(msg); },
    [self](const Pong& msg) { self->state.pong(msg); },
    [self](PingDue) { self->state.ping(); },
  };
}

void NodeLinkState::begin(NodeLinkDeps with) {
  deps_ = std::move(with);
  deps_.begun(NodeLinkActor{self});
  last_heard_ = self->clock().now();
  ping();
}

void NodeLinkState::ping() {
  const auto now = self->clock().now();
  if (now - last_heard_ >= deps_.patience)
    return give_up("no answer for " + std::to_string(deps_.patience.count()) + " ms");
  clock_.asked(++last_ping_, now);
  self->send(deps_.server, Ping{last_ping_});
  self->delayed_send(self, deps_.ping_interval, PingDue{});
}

void NodeLinkState::order(const PageOrdered& msg) {
  const auto before = clock_.at(msg.send_before);
  if (!before)
    return deps_.served(msg.number, unsent("the node has not answered yet"));
  auto request = msg.request;
  request.trace = begin_span(msg);
  self->send(deps_.server, ServePage{msg.number, msg.key, std::move(request), *before});
}

/// Empty when the order is not traced.
TraceContext NodeLinkState::begin_span(const PageOrdered& msg) {
  const auto& parent = msg.request.trace;
  if (!parent.sampled || !deps_.tracer)
    return {};
  auto span =
    child_span(span_names::order_page, SpanKind::client, deps_.tracer->child(parent), parent);
  span.start = self->clock().now();
  span.attributes = {{span_keys::node, deps_.name},
                     {span_keys::page_offset, std::int64_t{msg.request.offset}}};
  const auto context = span.context;
  spans_.insert_or_assign(msg.number, std::move(span));
  return context;
}

void NodeLinkState::end_span(std::map<std::uint64_t, Span>::iterator entry, const char* error) {
  auto& span = entry->second;
  span.end = self->clock().now();
  span.error = error;
  deps_.tracer->record(std::move(span));
  spans_.erase(entry);
}

void NodeLinkState::served(PageServed& msg) {
  last_heard_ = self->clock().now(); // on a slow link a Pong waits behind pages
  if (const auto span = spans_.find(msg.number); span != spans_.end())
    end_span(span, msg.answer.transport == ApiAnswer::Transport::unsent ? "unsent" : "");
  deps_.served(msg.number, std::move(msg.answer));
}

void NodeLinkState::pong(const Pong& msg) {
  const auto now = self->clock().now();
  if (!clock_.answered(msg.number, now, msg.now))
    return;
  last_heard_ = now;
  const bool same_keys = msg.keys == deps_.keys();
  if (!same_keys && !told_of_keys_)
    deps_.log->warn("cluster.other_keys", "the node has other API keys; it gets no pages",
                    {{"node", deps_.name}});
  told_of_keys_ = !same_keys;
  set_slots(same_keys ? std::min(msg.slots, most_slots) : 0);
}

void NodeLinkState::set_slots(std::uint32_t slots) {
  if (std::exchange(slots_, slots) != slots)
    deps_.slots_changed(slots);
}

void NodeLinkState::server_down(const caf::error& reason) {
  if (reason)
    return give_up(self->system().render(reason));
  deps_.log->info("cluster.node_left", "a node has finished its pages and left",
                  {{"node", deps_.name}});
  deps_.gone(true);
  self->quit();
}

void NodeLinkState::give_up(const std::string& why) {
  deps_.log->warn("cluster.node_lost", "the node is gone; its pages go elsewhere",
                  {{"node", deps_.name}, {"reason", why}});
  while (!spans_.empty())
    end_span(spans_.begin(), "node_lost");
  deps_.gone(false);
  self->quit();
}

} // namespace gleaner
