#include "actors/progress_publisher.hpp"

#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace gleaner {

ProgressPublisherActor::behavior_type progress_publisher(ProgressPublisherState::Self self,
                                                         JobQueue* queue) {
  self->state.queue = queue;
  return {
    [self](const PublishProgress& msg) { self->state.publish(msg); },
    [self](const LogJob& msg) { self->state.log(msg); },
    [self](EndJob& msg) { self->state.begin_end(msg, msg.job.lock); },
    [self](ReleaseJob& msg) { self->state.begin_end(msg, msg.lock); },
    [self](EndAnswered& msg) { self->state.end_answered(msg); },
    [self](const EndDue& msg) { self->state.end_due(msg); },
  };
}

void ProgressPublisherState::publish(const PublishProgress& msg) {
  // Progress is news, not a promise: one that could not be written is not tried again, and a lost
  // lock is the LockKeeper's to report.
  queue->report_progress(msg.lock, msg.progress, [](Result<Done>) {});
}

void ProgressPublisherState::log(const LogJob& msg) {
  queue->add_log(msg.lock, msg.row, [](Result<Done>) {});
}

template <class Request>
void ProgressPublisherState::begin_end(Request& msg, JobLock lock) {
  auto token = lock.token;
  const auto [ending, added] = endings_.insert_or_assign(
    std::move(token), Ending{std::move(lock), std::move(msg),
                             caf::actor_cast<JobCoordinatorActor>(self->current_sender()), 0});
  send_end(ending->second);
}

void ProgressPublisherState::send_end(const Ending& ending) {
  const auto answer = [me = ProgressPublisherActor{self},
                       lock = ending.lock](TakeResult next, std::optional<Error> error) {
    caf::anon_send(me, EndAnswered{lock, std::move(next), std::move(error)});
  };
  if (const auto* end = std::get_if<EndJob>(&ending.request))
    queue->end(end->job, end->end, end->take_next, [answer](Result<TakeResult> next) {
      next ? answer(std::move(*next), std::nullopt) : answer({}, next.error());
    });
  else
    queue->release(ending.lock, [answer](Result<Done> done) {
      done ? answer({}, std::nullopt) : answer({}, done.error());
    });
}

void ProgressPublisherState::end_answered(EndAnswered& msg) {
  const auto entry = endings_.find(msg.lock.token);
  if (entry == endings_.end())
    return;
  auto& ending = entry->second;
  if (msg.error && is_transient(msg.error->code)) {
    const auto pause = std::chrono::milliseconds{100} * (1u << std::min(ending.failures++, 5u));
    self->delayed_send(self, pause, EndDue{ending.lock});
    return;
  }
  self->send(ending.coordinator,
             JobEnded{std::move(msg.lock), std::move(msg.next), std::move(msg.error)});
  endings_.erase(entry);
}

void ProgressPublisherState::end_due(const EndDue& msg) {
  if (const auto entry = endings_.find(msg.lock.token); entry != endings_.end())
    send_end(entry->second);
}

} // namespace gleaner
