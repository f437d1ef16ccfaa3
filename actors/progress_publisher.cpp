#include "actors/progress_publisher.hpp"

#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace gleaner {

namespace {

const JobLock& lock_of(const EndJob& request) {
  return request.job.lock;
}
const JobLock& lock_of(const ReleaseJob& request) {
  return request.lock;
}

/// 0.1 s, growing to 3.2 s; where credentials are refused, asking often would not help.
std::chrono::milliseconds pause_after(Errc why, std::uint32_t failures) {
  if (why == Errc::redis_denied)
    return std::chrono::seconds{30};
  return std::chrono::milliseconds{100} * (1u << std::min(failures, 5u));
}

/// The queue may answer otherwise later.
bool is_worth_repeating(Errc why) {
  return is_transient(why) || why == Errc::redis_denied;
}

std::optional<Error> error_in(const auto& result) {
  return result ? std::nullopt : std::optional{result.error()};
}

} // namespace

void ProgressPublisherDeps::drop_progress(const Error& error, SteadyTime now) const {
  if (!is_worth_repeating(error.code))
    return;
  metrics->progress_dropped.Increment();
  if (told->due(now))
    log->warn("progress.dropped", "Redis does not take progress; jobs go on without showing it",
              {{"err", describe(error)}});
}

ProgressPublisherActor::behavior_type progress_publisher(ProgressPublisherState::Self self,
                                                         ProgressPublisherDeps deps) {
  self->state.deps = std::move(deps);
  return {
    [self](const PublishProgress& msg) { self->state.publish(msg); },
    [self](const LogJob& msg) { self->state.log(msg); },
    [self](const ClaimDomain& msg) { self->state.claim(msg); },
    [self](KeepPage& msg) { self->state.begin(msg); },
    [self](ReadLedger& msg) { self->state.begin(msg); },
    [self](EndJob& msg) { self->state.begin(msg); },
    [self](ReleaseJob& msg) { self->state.begin(msg); },
    [self](const KeepAnswered& msg) { self->state.keep_answered(msg); },
    [self](LedgerAnswered& msg) { self->state.ledger_answered(msg); },
    [self](EndAnswered& msg) { self->state.end_answered(msg); },
    [self](const EndLookedUp& msg) { self->state.end_looked_up(msg); },
    [self](const RepeatDue& msg) { self->state.repeat(msg); },
  };
}

void ProgressPublisherState::publish(const PublishProgress& msg) {
  // Progress is news, not a promise: one that could not be written is not tried again, and a lost
  // lock is the LockKeeper's to report.
  deps.queue->report_progress(msg.lock, msg.progress,
                              [deps = deps, now = self->clock().now()](const Result<Done>& done) {
                                if (!done)
                                  deps.drop_progress(done.error(), now);
                              });
}

void ProgressPublisherState::log(const LogJob& msg) {
  deps.queue->add_log(msg.lock, msg.row, [](Result<Done>) {});
}

/// Who gets no answer asks again, and a lost lock is the LockKeeper's to report.
void ProgressPublisherState::claim(const ClaimDomain& msg) {
  deps.queue->claim_domain(
    msg.lock, msg.domain,
    [asker = caf::actor_cast<JobCoordinatorActor>(self->current_sender()),
     lock = msg.lock](const Result<DomainClaim>& claim) {
      caf::anon_send(asker, DomainClaimed{lock, claim ? *claim : DomainClaim::busy});
    });
}

template <class Request>
void ProgressPublisherState::begin(Request& msg) {
  const auto number = ++last_number_;
  auto& errand = errands_[number];
  errand.request = std::move(msg);
  errand.coordinator = caf::actor_cast<JobCoordinatorActor>(self->current_sender());
  carry_out(number, errand);
}

void ProgressPublisherState::carry_out(std::uint64_t number, Errand& errand) {
  errand.asked_at = self->clock().now();
  std::visit([&](const auto& request) { send(number, errand, request); }, errand.request);
}

void ProgressPublisherState::send(std::uint64_t number, const Errand&, const EndJob& request) {
  deps.queue->end(request.job, request.end, request.take_next,
                  [me = ProgressPublisherActor{self}, number](Result<TakeResult> next) {
                    auto error = error_in(next);
                    caf::anon_send(me, EndAnswered{number, next ? std::move(*next) : TakeResult{},
                                                   std::move(error)});
                  });
}

void ProgressPublisherState::send(std::uint64_t number, const Errand&, const ReleaseJob& request) {
  deps.queue->release(request.lock, request.delay,
                      [me = ProgressPublisherActor{self}, number](Result<Done> done) {
                        caf::anon_send(me, EndAnswered{number, {}, error_in(done)});
                      });
}

/// By the time of a repetition newer progress may have been shown.
void ProgressPublisherState::send(std::uint64_t number, const Errand& errand,
                                  const KeepPage& request) {
  deps.queue->checkpoint(request.lock, request.identity, request.page,
                         errand.failures == 0 ? request.progress : std::vector<Progress>{},
                         [me = ProgressPublisherActor{self}, number](Result<std::int64_t> at) {
                           caf::anon_send(me, KeepAnswered{number, at ? *at : 0, error_in(at)});
                         });
}

void ProgressPublisherState::send(std::uint64_t number, const Errand&, const ReadLedger& request) {
  deps.queue->read_ledger(
    request.lock, request.identity,
    [me = ProgressPublisherActor{self}, number](Result<Ledger> ledger) {
      auto error = error_in(ledger);
      caf::anon_send(
        me, LedgerAnswered{number, ledger ? std::move(*ledger) : Ledger{}, std::move(error)});
    });
}

/// True when the errand is to be tried again later.
bool ProgressPublisherState::postpone(Errands::iterator entry, const std::optional<Error>& error) {
  if (!error || !is_worth_repeating(error->code))
    return false;
  self->delayed_send(self, pause_after(error->code, entry->second.failures++),
                     RepeatDue{entry->first});
  return true;
}

void ProgressPublisherState::repeat(const RepeatDue& msg) {
  if (const auto entry = errands_.find(msg.errand); entry != errands_.end())
    carry_out(entry->first, entry->second);
}

void ProgressPublisherState::keep_answered(const KeepAnswered& msg) {
  const auto entry = errands_.find(msg.errand);
  if (entry == errands_.end())
    return;
  if (msg.error && entry->second.failures == 0) // the next time it goes without
    deps.drop_progress(*msg.error, self->clock().now());
  if (postpone(entry, msg.error))
    return;
  auto& request = std::get<KeepPage>(entry->second.request);
  self->send(entry->second.coordinator,
             PageKept{std::move(request.lock), request.page.offset, msg.at_ms, msg.error});
  errands_.erase(entry);
}

void ProgressPublisherState::ledger_answered(LedgerAnswered& msg) {
  const auto entry = errands_.find(msg.errand);
  if (entry == errands_.end() || postpone(entry, msg.error))
    return;
  self->send(entry->second.coordinator, LedgerRead{std::get<ReadLedger>(entry->second.request).lock,
                                                   std::move(msg.ledger), std::move(msg.error)});
  errands_.erase(entry);
}

/// After an answer that was lost a refusal may only mean that the first time has done it.
void ProgressPublisherState::end_answered(EndAnswered& msg) {
  const auto entry = errands_.find(msg.errand);
  if (entry == errands_.end() || postpone(entry, msg.error))
    return;
  if (!msg.error || entry->second.failures == 0)
    return report_end(entry, std::move(msg.next), std::move(msg.error));
  if (const auto* end = std::get_if<EndJob>(&entry->second.request))
    return look_up(entry->first, *end);
  report_end(entry, {}, std::nullopt); // a job that was put back is anybody's
}

void ProgressPublisherState::look_up(std::uint64_t number, const EndJob& request) {
  deps.queue->was_ended(request.job, request.end,
                        [me = ProgressPublisherActor{self}, number](Result<bool> ended) {
                          caf::anon_send(me, EndLookedUp{number, ended && *ended, error_in(ended)});
                        });
}

void ProgressPublisherState::end_looked_up(const EndLookedUp& msg) {
  const auto entry = errands_.find(msg.errand);
  if (entry == errands_.end() || postpone(entry, msg.error))
    return;
  report_end(entry, {},
             msg.ended ? std::nullopt
                       : std::optional{Error{Errc::lock_lost, "another worker has the job"}});
}

void ProgressPublisherState::report_end(Errands::iterator entry, TakeResult next,
                                        std::optional<Error> error) {
  auto& errand = entry->second;
  const auto& lock = std::holds_alternative<EndJob>(errand.request)
                       ? lock_of(std::get<EndJob>(errand.request))
                       : lock_of(std::get<ReleaseJob>(errand.request));
  self->send(errand.coordinator,
             JobEnded{lock, std::move(next), errand.asked_at, std::move(error)});
  errands_.erase(entry);
}

} // namespace gleaner
