#pragma once

#include "actors/interfaces.hpp"
#include "core/ports/job_queue.hpp"
#include "messages/progress.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <variant>

namespace gleaner {

/// Writes progress and log rows once, and carries ends through until the queue has answered for
/// good. Commands keep their order, so what was published before an end is seen before it.
struct ProgressPublisherState {
  using Self = ProgressPublisherActor::stateful_pointer<ProgressPublisherState>;
  static inline const char* name = "ProgressPublisher";

  explicit ProgressPublisherState(Self owner) : self(owner) {}
  void publish(const PublishProgress& msg);
  void log(const LogJob& msg);
  template <class Request>
  void begin_end(Request& msg, JobLock lock);
  void end_answered(EndAnswered& msg);
  void end_due(const EndDue& msg);

  Self self;
  JobQueue* queue = nullptr; ///< Outlives the actor.

private:
  struct Ending {
    JobLock lock;
    std::variant<EndJob, ReleaseJob> request;
    JobCoordinatorActor coordinator;
    std::uint32_t failures = 0;
  };
  void send_end(const Ending& ending);

  std::map<std::string, Ending> endings_; ///< By token.
};

ProgressPublisherActor::behavior_type progress_publisher(ProgressPublisherState::Self self,
                                                         JobQueue* queue);

} // namespace gleaner
