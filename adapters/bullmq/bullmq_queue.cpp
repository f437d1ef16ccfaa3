#include "adapters/bullmq/bullmq_queue.hpp"

#include "adapters/bullmq/job_codec.hpp"
#include "adapters/bullmq/queue_keys.hpp"
#include "adapters/bullmq/queue_writer.hpp"
#include "adapters/bullmq/scripts.hpp"
#include "adapters/bullmq/worker_connection.hpp"
#include "adapters/redis/redis_client.hpp"

#include <algorithm>
#include <utility>

namespace gleaner::bullmq {

using redis::RedisValue;

/// The waiting connection is named: dashboards count named connections as workers.
class BullmqQueue::Impl {
public:
  Impl(const RedisConfig& redis, const QueueConfig& queue, std::string token_seed)
      : commands(redis, "", script_loads()), waiting(redis, worker_connection_name(queue)),
        marker(QueueKeys{queue.prefix, queue.name}.key("marker")),
        writer(commands, queue, std::move(token_seed)) {}

  redis::RedisClient commands;
  redis::RedisClient waiting;
  std::string marker;
  QueueWriter writer;
};

BullmqQueue::BullmqQueue(const RedisConfig& redis, const QueueConfig& queue, std::string token_seed)
    : impl_(std::make_unique<Impl>(redis, queue, std::move(token_seed))) {}

BullmqQueue::~BullmqQueue() = default;

bool BullmqQueue::connected() const noexcept {
  return impl_->commands.connected();
}

void BullmqQueue::take(std::uint32_t count, Reply<TakeResult> reply) {
  impl_->writer.take(count, std::move(reply));
}

void BullmqQueue::wait_for_work(std::chrono::milliseconds timeout, Reply<Done> reply) {
  // 0 would wait for ever, and so would 1 ms on a Redis before 7.0.8, which rounds it down.
  timeout = std::max(timeout, std::chrono::milliseconds{2});
  const auto seconds = std::to_string(static_cast<double>(timeout.count()) / 1000); // needs Redis 6
  // Answers later than this mean that the connection is dead without knowing it.
  constexpr std::chrono::seconds patience{2};
  impl_->waiting.submit(
    {"BZPOPMIN", impl_->marker, seconds},
    [reply = std::move(reply)](Result<RedisValue> value) {
      value ? reply(Done{}) : reply(value.error());
    },
    timeout + patience);
}

void BullmqQueue::stop_waiting() {
  impl_->waiting.interrupt();
}

void BullmqQueue::renew(std::vector<JobLock> locks, Reply<std::vector<JobId>> reply) {
  impl_->writer.renew(locks, std::move(reply));
}

void BullmqQueue::report_progress(const JobLock& lock, const Progress& progress,
                                  Reply<Done> reply) {
  impl_->writer.report_progress(lock, to_json(progress), std::move(reply));
}

void BullmqQueue::add_log(const JobLock& lock, const std::string& row, Reply<Done> reply) {
  impl_->writer.add_log(lock, row, std::move(reply));
}

void BullmqQueue::end(const TakenJob& job, const JobEnd& end, bool take_next,
                      Reply<TakeResult> reply) {
  const auto progress = end.progress ? to_json(*end.progress) : std::string{};
  switch (end.kind) {
  case JobEnd::Kind::completed:
    return impl_->writer.complete(job, to_json(end.result), progress, take_next, std::move(reply));
  case JobEnd::Kind::failed:
    return impl_->writer.fail(job, end.failed_reason, progress, take_next, std::move(reply));
  case JobEnd::Kind::retried_now:
  case JobEnd::Kind::retried_later:
    return impl_->writer.retry(job, end.failed_reason, end.delay, progress, take_next,
                               std::move(reply));
  }
}

void BullmqQueue::release(const JobLock& lock, Reply<Done> reply) {
  impl_->writer.release(lock, std::move(reply));
}

void BullmqQueue::recover_stalled(Reply<StalledJobs> reply) {
  impl_->writer.recover_stalled(std::move(reply));
}

void BullmqQueue::count_jobs(Reply<QueueCounts> reply) {
  impl_->writer.count_jobs(std::move(reply));
}

} // namespace gleaner::bullmq
