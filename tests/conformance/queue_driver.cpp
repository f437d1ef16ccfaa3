// A worker without a will: carries out single queue operations for the conformance tests.
//
// Reads JSON objects, one per line, from stdin; writes one line for each to stdout, in order:
//   {"id":N,"ok":RESULT}  or  {"id":N,"error":{"code":"lock_lost","detail":"..."}}
// where N is the request's "id". Ends with stdin. The first request must be "configure".
//   configure {redis, queue [, prefix, worker, lockDuration, stalledInterval, maxStalled,
//              metricsPoints, keepCompleted, keepFailed, seed]}                -> {}
//   take {[count]}                    -> {jobs:[JOB], nextDelayedIn: ms|null}
//   wait {timeout}                    -> {}            waits for work, at most so many ms
//   renew {jobs:[id]}                 -> {lost:[id]}
//   progress {job, value}             -> {}            value: any JSON
//   log {job, row}                    -> {}
//   complete {job [, result, takeNext]}        -> as take   result: any JSON, null without
//   fail {job, reason [, takeNext]}            -> as take   for good
//   retry {job, reason, delay [, takeNext]}    -> as take   with delay 0 at once
//   release {job}                     -> {}
//   stalled {}                        -> {requeued:[id], failed:[id]}
//   counts {}                         -> {waiting, prioritized, delayed, active, waitingChildren,
//                                         completed, failed, paused, oldestWaitingAge: ms|null}
//   add {domains:[text] [, priority, delay, attempts, backoff]}  -> {ids:[id]}
//
// "job" is the id of a job taken by this driver (or any id); a "token" beside it is used instead of
// the one that was taken. Durations are ms. JOB is {id, token, name, domain, refusal: text|null,
// attemptsMade, attempts, timestamp, processedOn}.

#include "adapters/bullmq/job_holding.hpp"
#include "adapters/bullmq/queue_producer.hpp"
#include "adapters/bullmq/queue_writer.hpp"
#include "adapters/bullmq/worker_connection.hpp"
#include "adapters/redis/redis_client.hpp"

#include <nlohmann/json.hpp>

#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <string>

using namespace gleaner;
using Json = nlohmann::ordered_json;

namespace {

std::chrono::milliseconds ms(const Json& request, const char* key, std::int64_t otherwise) {
  return std::chrono::milliseconds{request.value(key, otherwise)};
}

Json describe_job(const TakenJob& job) {
  return {{"id", job.lock.job_id},
          {"token", job.lock.token},
          {"name", job.name},
          {"domain", job.domain},
          {"refusal", job.refusal ? Json(*job.refusal) : Json()},
          {"attemptsMade", job.attempts_made},
          {"attempts", job.retry.attempts},
          {"timestamp", job.timestamp_ms},
          {"processedOn", job.processed_on_ms}};
}

class Driver {
public:
  Json answer(const Json& request) {
    const auto op = request.at("op").get<std::string>();
    if (op == "configure")
      return configure(request);
    if (!writer_)
      throw std::runtime_error("configure first");
    if (op == "take" || op == "complete" || op == "fail" || op == "retry")
      return taking(op, request);
    return other(op, request);
  }

private:
  Json configure(const Json& request) {
    redis_.url = request.at("redis").get<std::string>();
    QueueConfig queue;
    queue.name = request.at("queue").get<std::string>();
    queue.prefix = request.value("prefix", queue.prefix);
    queue.worker_name = request.value("worker", "");
    queue.lock_duration = ms(request, "lockDuration", 30000);
    queue.stalled_interval = ms(request, "stalledInterval", 30000);
    queue.max_stalled_count = request.value("maxStalled", 1u);
    if (request.contains("limiter")) // {"starts", "ms"}
      queue.limiter = {
        {request["limiter"].at("starts").get<std::uint32_t>(), ms(request["limiter"], "ms", 1000)}};
    queue.metrics_points = request.value("metricsPoints", 0u);
    queue.keep_completed = request.value("keepCompleted", std::int64_t{-1});
    queue.keep_failed = request.value("keepFailed", std::int64_t{-1});
    keys_ = {queue.prefix, queue.name};
    commands_ = std::make_unique<redis::RedisClient>(redis_, "");
    waiting_ = std::make_unique<redis::RedisClient>(redis_, bullmq::worker_connection_name(queue));
    writer_ =
      std::make_unique<bullmq::QueueWriter>(*commands_, queue, request.value("seed", "driver"));
    holding_ = std::make_unique<bullmq::JobHolding>(*commands_, queue);
    return Json::object();
  }

  /// Calls `start` with a reply and waits for it; an error becomes an exception.
  template <class T, class Start>
  T await(Start start) {
    std::promise<Result<T>> promise;
    start([&](Result<T> result) { promise.set_value(std::move(result)); });
    auto result = promise.get_future().get();
    if (!result)
      throw result.error();
    return std::move(*result);
  }

  TakenJob held(const Json& request) const {
    const auto id = request.at("job").get<std::string>();
    const auto found = taken_.find(id);
    TakenJob job = found == taken_.end() ? TakenJob{} : found->second;
    job.lock.job_id = id;
    job.lock.token = request.value("token", job.lock.token);
    return job;
  }

  Json taking(const std::string& op, const Json& request) {
    const bool next = request.value("takeNext", false);
    const auto reason = request.value("reason", "");
    const auto result = await<TakeResult>([&](Reply<TakeResult> reply) {
      if (op == "take")
        writer_->take(request.value("count", 1u), std::move(reply));
      else if (op == "complete")
        writer_->complete(held(request), request.value("result", Json()).dump(), "", next,
                          std::move(reply));
      else if (op == "fail")
        writer_->fail(held(request), reason, "", next, std::move(reply));
      else
        writer_->retry(held(request), reason, ms(request, "delay", 0), "", next, std::move(reply));
    });
    Json answer{{"jobs", Json::array()}, {"nextDelayedIn", Json()}};
    for (const auto& job : result.jobs) {
      taken_[job.lock.job_id] = job;
      answer["jobs"].push_back(describe_job(job));
    }
    if (result.next_delayed_in)
      answer["nextDelayedIn"] = result.next_delayed_in->count();
    return answer;
  }

  Json other(const std::string& op, const Json& request) {
    if (op == "wait")
      return wait(ms(request, "timeout", 5000));
    if (op == "renew")
      return renew(request);
    if (op == "add")
      return add(request);
    if (op == "stalled") {
      const auto found = await<StalledJobs>(
        [&](Reply<StalledJobs> reply) { writer_->recover_stalled(std::move(reply)); });
      return {{"requeued", found.requeued}, {"failed", found.failed}};
    }
    if (op == "counts")
      return counts();
    await<Done>([&](Reply<Done> reply) {
      if (op == "progress")
        holding_->report_progress(held(request).lock, request.at("value").dump(), std::move(reply));
      else if (op == "log")
        holding_->add_log(held(request).lock, request.at("row").get<std::string>(),
                          std::move(reply));
      else if (op == "release")
        writer_->release(held(request).lock, {}, std::move(reply));
      else
        throw std::runtime_error("no such operation: " + op);
    });
    return Json::object();
  }

  Json wait(std::chrono::milliseconds timeout) {
    const auto popped =
      waiting_->call({"BZPOPMIN", keys_.key("marker"),
                      std::to_string(static_cast<double>(timeout.count()) / 1000)},
                     timeout + std::chrono::seconds{2});
    if (!popped)
      throw popped.error();
    return Json::object();
  }

  Json renew(const Json& request) {
    std::vector<JobLock> locks;
    for (const auto& id : request.at("jobs"))
      locks.push_back(held({{"job", id}}).lock);
    const auto renewal =
      await<Renewal>([&](Reply<Renewal> reply) { holding_->renew(locks, std::move(reply)); });
    return {{"lost", renewal.lost}};
  }

  Json counts() {
    const auto counts =
      await<QueueCounts>([&](Reply<QueueCounts> reply) { writer_->count_jobs(std::move(reply)); });
    return {{"waiting", counts.waiting},
            {"prioritized", counts.prioritized},
            {"delayed", counts.delayed},
            {"active", counts.active},
            {"waitingChildren", counts.waiting_children},
            {"completed", counts.completed},
            {"failed", counts.failed},
            {"paused", counts.paused},
            {"oldestWaitingAge",
             counts.oldest_waiting_age_ms ? Json(*counts.oldest_waiting_age_ms) : Json()}};
  }

  Json add(const Json& request) {
    bullmq::AddOptions options;
    options.priority = request.value("priority", 0u);
    options.delay = ms(request, "delay", 0);
    options.attempts = request.value("attempts", 3u);
    options.backoff = ms(request, "backoff", 2000);
    const auto domains = request.at("domains").get<std::vector<std::string>>();
    auto ids = bullmq::QueueProducer{*commands_, keys_}.add(domains, options);
    if (!ids)
      throw ids.error();
    Json answer{{"ids", Json::array()}};
    for (const auto& job : *ids)
      answer["ids"].push_back(job.id);
    return answer;
  }

  RedisConfig redis_;
  bullmq::QueueKeys keys_;
  std::unique_ptr<redis::RedisClient> commands_, waiting_;
  std::unique_ptr<bullmq::QueueWriter> writer_;
  std::unique_ptr<bullmq::JobHolding> holding_;
  std::map<JobId, TakenJob> taken_;
};

Json error(const char* code, const std::string& detail) {
  return {{"code", code}, {"detail", detail}};
}

} // namespace

int main() {
  Driver driver;
  for (std::string line; std::getline(std::cin, line);) {
    Json answer;
    try {
      const auto request = Json::parse(line);
      answer["id"] = request.value("id", 0);
      answer["ok"] = driver.answer(request);
    } catch (const Error& failed) {
      answer["error"] = error(to_string(failed.code), failed.detail);
    } catch (const std::exception& failed) {
      answer["error"] = error("usage", failed.what());
    }
    std::cout << answer.dump() << std::endl;
  }
}
