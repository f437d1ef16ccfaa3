#pragma once

#include "actors/counted_actor.hpp"
#include "actors/interfaces.hpp"
#include "core/log.hpp"
#include "core/metrics.hpp"
#include "core/once_a_minute.hpp"
#include "core/ports/job_queue.hpp"
#include "messages/progress.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <variant>

namespace gleaner {

/// What the publisher borrows; all outlive the actor.
struct ProgressPublisherDeps {
  JobQueue* queue = nullptr;
  JobMetrics* metrics = nullptr;
  EventLog* log = nullptr;
  std::shared_ptr<OnceAMinute> told = std::make_shared<OnceAMinute>(); ///< Of dropped progress.

  /// Counts, and now and then tells of, progress that could not be written. From any thread.
  void drop_progress(const Error& error, SteadyTime now) const;
};

/// Writes progress and log rows once, and carries pages and ends through until the queue has
/// answered for good. Commands keep their order, so what was published before an end is seen before
/// it.
struct ProgressPublisherState {
  using Self = CountedPointer<ProgressPublisherState, ProgressPublisherActor>;
  static inline const char* name = "ProgressPublisher";

  explicit ProgressPublisherState(Self owner) : self(owner) {}
  void publish(const PublishProgress& msg);
  void log(const LogJob& msg);
  void claim(const ClaimDomain& msg);
  template <class Request>
  void begin(Request& msg);
  void keep_answered(const KeepAnswered& msg);
  void ledger_answered(LedgerAnswered& msg);
  void end_answered(EndAnswered& msg);
  void end_looked_up(const EndLookedUp& msg);
  void repeat(const RepeatDue& msg);

  Self self;
  ProgressPublisherDeps deps;

private:
  /// Something that is tried again until the queue has answered for good.
  struct Errand {
    std::variant<EndJob, ReleaseJob, KeepPage, ReadLedger> request;
    JobCoordinatorActor coordinator;
    SteadyTime asked_at;
    std::uint32_t failures = 0;
  };
  using Errands = std::map<std::uint64_t, Errand>;

  void carry_out(std::uint64_t number, Errand& errand);
  void send(std::uint64_t number, const Errand& errand, const EndJob& request);
  void send(std::uint64_t number, const Errand& errand, const ReleaseJob& request);
  void send(std::uint64_t number, const Errand& errand, const KeepPage& request);
  void send(std::uint64_t number, const Errand& errand, const ReadLedger& request);
  bool postpone(Errands::iterator entry, const std::optional<Error>& error);
  void look_up(std::uint64_t number, const EndJob& request);
  void report_end(Errands::iterator entry, TakeResult next, std::optional<Error> error);

  Errands errands_;
  std::uint64_t last_number_ = 0;
};

ProgressPublisherActor::behavior_type progress_publisher(ProgressPublisherState::Self self,
                                                         ProgressPublisherDeps deps);

} // namespace gleaner
