#include "adapters/bullmq/bullmq_queue.hpp"

#include "adapters/bullmq/damage_log.hpp"
#include "adapters/bullmq/job_codec.hpp"
#include "adapters/bullmq/job_holding.hpp"
#include "adapters/bullmq/queue_keys.hpp"
#include "adapters/bullmq/queue_writer.hpp"
#include "adapters/bullmq/reconciler.hpp"
#include "adapters/bullmq/scheduler_follower.hpp"
#include "adapters/bullmq/worker_connection.hpp"
#include "adapters/redis/redis_client.hpp"

#include <algorithm>
#include <utility>

namespace gleaner::bullmq {

using redis::RedisValue;

/// The waiting connection is named: dashboards count named connections as workers.
class BullmqQueue::Impl {
public:
  Impl(std::unique_ptr<redis::CommandPort> pipelined, std::unique_ptr<redis::CommandPort> blocking,
       const QueueConfig& queue, std::string token_seed, EventLog& event_log)
      : keys{queue.prefix, queue.name}, damages(*pipelined, keys, event_log),
        writer(*pipelined, queue, std::move(token_seed),
               [this](const FoundDamage& ids) { damages.note(ids); }),
        holding(*pipelined, queue), schedulers(*pipelined, keys, event_log),
        reconciler(*pipelined, keys), commands(std::move(pipelined)), waiting(std::move(blocking)) {
  }

  /// Hands a take's answer on, and sees to the schedulers that made its jobs.
  Reply<TakeResult> following(Reply<TakeResult> reply) {
    return [this, reply = std::move(reply)](Result<TakeResult> result) {
      if (result)
        for (const auto& job : result->jobs) {
          schedulers.follow(job);
          damages.look_at(job);
        }
      reply(std::move(result));
    };
  }

  /// Hands an answer on, and tells once when a key is somebody else's, since nobody else will.
  template <class T>
  Reply<T> telling(Reply<T> reply) {
    return [this, reply = std::move(reply)](Result<T> result) {
      if (!result && is_wrong_type(result.error()))
        damages.tell_of_structure(result.error());
      reply(std::move(result));
    };
  }
  /// What takes have dropped is told with what the reconciler finds.
  Reply<Reconciliation> with_dropped(Reply<Reconciliation> reply) {
    return [this, reply = std::move(reply)](Result<Reconciliation> result) {
      if (result)
        result->ghosts += damages.take_dropped();
      reply(std::move(result));
    };
  }

  void wait_at(const char* key, std::chrono::milliseconds timeout, Reply<Done> reply);
  void complete(const TakenJob& job, const JobEnd& end, const std::string& progress, bool take_next,
                Reply<TakeResult> reply);
  void park(const TakenJob& job, const JobEnd& end, const std::string& progress,
            Reply<TakeResult> reply);

  QueueKeys keys;
  DamageLog damages;
  QueueWriter writer;
  JobHolding holding;
  SchedulerFollower schedulers;
  Reconciler reconciler;
  std::unique_ptr<redis::CommandPort> commands; // its thread calls the members above: goes first
  std::unique_ptr<redis::CommandPort> waiting;
};

void BullmqQueue::Impl::wait_at(const char* key, std::chrono::milliseconds timeout,
                                Reply<Done> reply) {
  const auto seconds = std::to_string(static_cast<double>(timeout.count()) / 1000); // needs Redis 6
  // Answers later than this mean that the connection is dead without knowing it.
  constexpr std::chrono::seconds patience{2};
  waiting->submit(
    {"BZPOPMIN", keys.key(key), seconds},
    [reply = std::move(reply)](Result<RedisValue> value) {
      value ? reply(Done{}) : reply(value.error());
    },
    timeout + patience);
}

/// Children may have been added while the job ran; then it runs again when they have ended. A child
/// that failed may fail it instead.
void BullmqQueue::Impl::complete(const TakenJob& job, const JobEnd& end,
                                 const std::string& progress, bool take_next,
                                 Reply<TakeResult> reply) {
  writer.complete(
    job, to_json(end.result), progress, take_next,
    [this, job, end, progress, reply = following(std::move(reply))](Result<TakeResult> result) {
      if (!result && result.error().code == Errc::job_has_children)
        park(job, end, progress, reply);
      else if (!result && result.error().code == Errc::job_children_failed)
        writer.fail(job, result.error().detail, progress, false, reply);
      else
        reply(std::move(result));
    });
}

void BullmqQueue::Impl::park(const TakenJob& job, const JobEnd& end, const std::string& progress,
                             Reply<TakeResult> reply) {
  writer.park(job.lock, [this, job, end, progress, reply = std::move(reply)](Result<bool> parked) {
    if (!parked && parked.error().code == Errc::job_children_failed)
      writer.fail(job, parked.error().detail, progress, false, reply);
    else if (!parked)
      reply(parked.error());
    else if (!*parked) // the last child has ended in the meantime
      complete(job, end, progress, false, reply);
    else
      reply(TakeResult{});
  });
}

BullmqQueue::BullmqQueue(const RedisConfig& redis, const QueueConfig& queue, std::string token_seed,
                         EventLog& log, redis::RedisObserver* observer)
    : BullmqQueue(std::make_unique<redis::RedisClient>(redis, "", all_scripts(), observer),
                  std::make_unique<redis::RedisClient>(redis, worker_connection_name(queue),
                                                       redis::ServerScripts{}, observer),
                  queue, std::move(token_seed), log) {}

BullmqQueue::BullmqQueue(std::unique_ptr<redis::CommandPort> commands,
                         std::unique_ptr<redis::CommandPort> waiting, const QueueConfig& queue,
                         std::string token_seed, EventLog& log)
    : impl_(std::make_unique<Impl>(std::move(commands), std::move(waiting), queue,
                                   std::move(token_seed), log)) {}

BullmqQueue::~BullmqQueue() = default;

bool BullmqQueue::connected() const noexcept {
  return impl_->commands->connected();
}

void BullmqQueue::take(std::uint32_t count, Reply<TakeResult> reply) {
  impl_->writer.take(count, impl_->following(std::move(reply)));
}

void BullmqQueue::wait_for_work(std::chrono::milliseconds timeout, Reply<Done> reply) {
  // 0 would wait for ever, and so would 1 ms on a Redis before 7.0.8, which rounds it down.
  timeout = std::max(timeout, std::chrono::milliseconds{2});
  auto look_again = [impl = impl_.get(), timeout, reply = std::move(reply)](const Status& ended) {
    if (ended || !is_wrong_type(ended.error()))
      return reply(ended);
    // Nobody wakes us at a marker that is something else, so it is the time that ends the wait.
    impl->damages.tell_of_marker(ended.error());
    impl->wait_at("no-marker", timeout, reply);
  };
  impl_->wait_at("marker", timeout, std::move(look_again));
}

void BullmqQueue::stop_waiting() {
  impl_->waiting->interrupt();
}

void BullmqQueue::renew(std::vector<JobLock> locks, Reply<Renewal> reply) {
  impl_->holding.renew(locks, std::move(reply));
}

void BullmqQueue::report_progress(const JobLock& lock, const Progress& progress,
                                  Reply<Done> reply) {
  impl_->holding.report_progress(lock, to_json(progress), std::move(reply));
}

void BullmqQueue::claim_domain(const JobLock& lock, const std::string& domain,
                               Reply<DomainClaim> reply) {
  impl_->holding.claim_domain(lock, domain, std::move(reply));
}

void BullmqQueue::add_log(const JobLock& lock, const std::string& row, Reply<Done> reply) {
  impl_->holding.add_log(lock, row, std::move(reply));
}

void BullmqQueue::checkpoint(const JobLock& lock, const std::string& identity,
                             const LedgerPage& page, const std::vector<Progress>& progress,
                             Reply<std::int64_t> reply) {
  impl_->holding.checkpoint(lock, identity, page, progress, std::move(reply));
}

void BullmqQueue::read_ledger(const JobLock& lock, const std::string& identity,
                              Reply<Ledger> reply) {
  impl_->holding.read_ledger(lock, identity, std::move(reply));
}

void BullmqQueue::end(const TakenJob& job, const JobEnd& end, bool take_next,
                      Reply<TakeResult> reply) {
  const auto progress = end.progress ? to_json(*end.progress) : std::string{};
  switch (end.kind) {
  case JobEnd::Kind::completed:
    return impl_->complete(job, end, progress, take_next, std::move(reply));
  case JobEnd::Kind::failed:
    return impl_->writer.fail(job, end.failed_reason, progress, take_next,
                              impl_->following(std::move(reply)));
  case JobEnd::Kind::retried_now:
  case JobEnd::Kind::retried_later:
    return impl_->writer.retry(job, end.failed_reason, end.delay, progress, take_next,
                               impl_->following(std::move(reply)));
  }
}

void BullmqQueue::was_ended(const TakenJob& job, const JobEnd& end, Reply<bool> reply) {
  switch (end.kind) {
  case JobEnd::Kind::completed:
    return impl_->writer.was_ended(job.lock.job_id, "completed", to_json(end.result),
                                   std::move(reply));
  case JobEnd::Kind::failed:
    return impl_->writer.was_ended(job.lock.job_id, "failed", end.failed_reason, std::move(reply));
  case JobEnd::Kind::retried_now:
  case JobEnd::Kind::retried_later:
    return impl_->writer.was_ended(job.lock.job_id, "retried", end.failed_reason, std::move(reply));
  }
}

void BullmqQueue::release(const JobLock& lock, std::chrono::milliseconds delay, Reply<Done> reply) {
  impl_->writer.release(lock, delay, std::move(reply));
}

void BullmqQueue::recover_own(Reply<StalledJobs> reply) {
  impl_->writer.recover_own(std::move(reply));
}

void BullmqQueue::recover_stalled(Reply<StalledJobs> reply) {
  impl_->writer.recover_stalled(impl_->telling(std::move(reply)));
}

void BullmqQueue::reconcile(Reply<Reconciliation> reply) {
  impl_->reconciler.pass(impl_->telling(impl_->with_dropped(std::move(reply))));
}

void BullmqQueue::count_jobs(Reply<QueueCounts> reply) {
  impl_->writer.count_jobs(impl_->telling(std::move(reply)));
}

} // namespace gleaner::bullmq
