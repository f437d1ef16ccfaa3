#include "actors/page_server.hpp"

#include "core/answer_class.hpp"
#include "core/domain.hpp"
#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <utility>

namespace gleaner {

PageServerActor::behavior_type page_server(PageServerState::Self self, PageServerDeps deps) {
  self->set_default_handler(caf::drop); // of another process: CAF's own would print it
  self->set_down_handler([self](const caf::down_msg&) { self->state.coordinator_lost(); });
  self->state.begin(std::move(deps));
  return {
    [self](const ServePage& msg) { self->state.serve(msg); },
    [self](const Ping& msg) { self->state.ping(msg); },
    [self](PagePacked& msg) { self->state.packed(msg); },
    [self](StopServing) { self->state.stop(); },
    [self](SearchAnswered& msg) { self->state.answered(msg); },
    [self](WatchDue) { self->state.watch(); },
  };
}

void PageServerState::begin(PageServerDeps with) {
  deps_ = std::move(with);
  last_heard_ = self->clock().now();
  self->delayed_send(self, deps_.patience, WatchDue{});
}

/// Remembers who asks: always the same, whose end is that of our use.
void PageServerState::heard() {
  last_heard_ = self->clock().now();
  if (link_)
    return;
  link_ = caf::actor_cast<NodeLinkActor>(self->current_sender());
  self->monitor(link_);
}

void PageServerState::ping(const Ping& msg) {
  heard();
  self->send(link_, Pong{msg.number, last_heard_, stopping_ ? 0 : deps_.slots(), deps_.keys()});
}

/// An empty text when the page may be asked for. The coordinator has checked all this: an order
/// that it would not give is not carried out.
std::string PageServerState::why_not(const ServePage& msg) const {
  const auto domain = to_query_domain(msg.request.domain);
  if (!domain || *domain != msg.request.domain)
    return "the order names no domain";
  if (msg.request.limit < 1 || msg.request.limit > deps_.profile->page_size_most)
    return "the order is for a page of " + std::to_string(msg.request.limit) + " contacts";
  if (deps_.apis.count(msg.key) == 0)
    return "the order names an unknown key";
  if (asked_.count(msg.number) > 0)
    return "the order is given twice";
  if (stopping_ || asked_.size() >= deps_.slots())
    return "the node has no room";
  return {};
}

void PageServerState::serve(const ServePage& msg) {
  heard();
  if (auto why = why_not(msg); !why.empty()) {
    deps_.metrics->unusable.Increment();
    ApiAnswer refused;
    refused.transport = ApiAnswer::Transport::unsent;
    refused.problem = std::move(why);
    self->send(link_, PageServed{msg.number, std::move(refused)});
    return;
  }
  deps_.metrics->received.Increment();
  asked_.emplace(msg.number, Asked{msg.request.trace, {}});
  deps_.apis.at(msg.key)->search(
    msg.request, msg.send_before,
    [me = PageServerActor{self}, number = msg.number](ApiAnswer answer) {
      caf::anon_send(me, SearchAnswered{number, std::move(answer)});
    });
}

void PageServerState::answered(SearchAnswered& msg) {
  const auto entry = asked_.find(msg.number);
  if (entry == asked_.end())
    return;
  if (classify(*deps_.profile, msg.answer).verdict != AnswerClass::Verdict::page) {
    msg.answer.body = {}; // what counts of it has been read
    return reply(msg.number, std::move(msg.answer));
  }
  auto& [trace, answer] = entry->second;
  answer = std::move(msg.answer);
  self->send(deps_.normalizers[next_normalizer_++ % deps_.normalizers.size()],
             PackPage{msg.number, answer.body, trace});
}

/// Of an unreadable page the coordinator finds out for itself what is wrong with it.
void PageServerState::packed(PagePacked& msg) {
  auto answer = std::move(asked_.at(msg.number).answer);
  if (msg.packed) {
    answer.body = SharedBody{std::move(*msg.packed)};
    answer.normalized = true;
  }
  reply(msg.number, std::move(answer));
}

void PageServerState::reply(std::uint64_t number, ApiAnswer answer) {
  asked_.erase(number);
  deps_.metrics->sent.Increment();
  self->send(link_, PageServed{number, std::move(answer)});
  if (stopping_ && asked_.empty())
    self->quit();
}

void PageServerState::stop() {
  stopping_ = true;
  if (asked_.empty())
    self->quit();
}

void PageServerState::watch() {
  const auto now = self->clock().now();
  if (now - last_heard_ < deps_.patience) {
    self->delayed_send(self, last_heard_ + deps_.patience - now, WatchDue{});
    return;
  }
  coordinator_lost();
}

void PageServerState::coordinator_lost() {
  deps_.log->warn("cluster.coordinator_lost", "the coordinator asks no more; joining again",
                  {{"coordinator", deps_.coordinator}});
  self->quit(caf::exit_reason::remote_link_unreachable);
}

} // namespace gleaner
