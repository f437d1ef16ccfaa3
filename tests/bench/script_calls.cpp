#include "tests/bench/script_calls.hpp"

#include "adapters/bullmq/scripts.hpp"

#include <hiredis/hiredis.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace gleaner::bench {

namespace {

constexpr const char* base = "bull:domain-collection:";
constexpr const char* lock_ms = "30000";
constexpr const char* seed = "gl1:bench:bench:30000";

struct FreeRedis {
  void operator()(redisContext* context) const { redisFree(context); }
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, FreeRedis>;
using Texts = std::vector<std::string>;

struct Job {
  std::string id;
  std::string token;
};

/// Commands that go out together.
class Pipeline {
public:
  explicit Pipeline(std::uint16_t port) : context_(redisConnect("127.0.0.1", port)) {
    if (!context_ || context_->err != 0)
      throw std::runtime_error("can't connect to Redis");
  }

  void append(const Texts& words) {
    std::vector<const char*> texts;
    std::vector<std::size_t> lengths;
    for (const auto& word : words) {
      texts.push_back(word.data());
      lengths.push_back(word.size());
    }
    redisAppendCommandArgv(context_.get(), static_cast<int>(words.size()), texts.data(),
                           lengths.data());
  }
  void call(const char* script, const Texts& args) {
    Texts words{"EVALSHA", bullmq::script(script).sha, "1", base};
    words.insert(words.end(), args.begin(), args.end());
    append(words);
  }
  void load(const char* script) {
    append({"SCRIPT", "LOAD", bullmq::script(script).text});
    next();
  }
  void send() {
    for (int done = 0; done == 0;)
      if (redisBufferWrite(context_.get(), &done) != REDIS_OK)
        throw std::runtime_error("Redis took no more");
  }
  Reply next() {
    void* reply = nullptr;
    if (redisGetReply(context_.get(), &reply) != REDIS_OK)
      throw std::runtime_error("Redis did not answer");
    Reply answer{static_cast<redisReply*>(reply)};
    if (answer->type == REDIS_REPLY_ERROR)
      throw std::runtime_error(answer->str);
    return answer;
  }

private:
  std::unique_ptr<redisContext, FreeRedis> context_;
};

std::string text(const redisReply* reply) {
  return {reply->str, reply->len};
}

/// Of an answer {jobs, ...} of a take or an end.
std::vector<Job> read_jobs(const Reply& answer) {
  std::vector<Job> jobs;
  if (answer->type != REDIS_REPLY_ARRAY || answer->elements < 1)
    throw std::runtime_error("a job did not end as it should: code " +
                             std::to_string(answer->integer));
  const auto* list = answer->element[0];
  for (std::size_t i = 0; i < list->elements; ++i)
    jobs.push_back({text(list->element[i]->element[0]), text(list->element[i]->element[1])});
  return jobs;
}

/// What `take_asked` of lua/taking.lua reads.
Texts take_args(std::uint32_t count, std::uint64_t& next_token) {
  const auto first = std::exchange(next_token, next_token + count);
  return {std::to_string(count), seed, std::to_string(first), lock_ms, ""};
}

/// Sends commands, with texts as long as a worker's, and reads their answers.
class Worker {
public:
  explicit Worker(const JobsWanted& wanted)
      : pipeline_(wanted.port), pages_(wanted.pages),
        page_("100 " + std::string(100 + 82 * wanted.contacts, 'x')) {}

  JobsEnded run();

private:
  void send_work(const std::vector<Job>& jobs);
  std::vector<Job> read_work(const std::vector<Job>& jobs);
  std::vector<Job> take(std::uint32_t count);

  Pipeline pipeline_;
  std::uint32_t pages_;
  std::string page_; ///< As long as a packed one.
  std::uint64_t next_token_ = 1;
  std::uint64_t ended_ = 0;
};

std::vector<Job> Worker::take(std::uint32_t count) {
  pipeline_.call("take", take_args(count, next_token_));
  return read_jobs(pipeline_.next());
}

void Worker::send_work(const std::vector<Job>& jobs) {
  for (const auto& job : jobs) {
    for (std::uint32_t page = 0; page < pages_; ++page) {
      Texts keep{
        job.id,      job.token,
        lock_ms,     "1795790522213 c300-x1.test",
        "604800000", std::to_string(100 * page),
        page_,       R"({"status":"fetching","page":2,"collected":200,"total":300,"progress":66})"};
      if (page + 1 == pages_)
        keep.push_back(
          R"({"status":"normalizing","domain":"c300-x1.test","collected":300,"total":300})");
      pipeline_.call("checkpoint", keep);
    }
    Texts end{
      job.id,
      job.token,
      "completed",
      R"({"success":true,"domain":"c300-x1.test","itemsCollected":300,"total":300,"collectedAt":"2026-11-27T14:41:54.714Z"})",
      R"({"status":"completed","domain":"c300-x1.test","itemsSaved":300,"total":300})",
      "",
      "",
      "",
      "3",
      "",
      "20160"};
    const auto next = take_args(1, next_token_);
    end.insert(end.end(), next.begin(), next.end());
    pipeline_.call("finish", end);
  }
  pipeline_.send();
}

/// The jobs that came in the place of these.
std::vector<Job> Worker::read_work(const std::vector<Job>& jobs) {
  std::vector<Job> next;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    for (std::uint32_t page = 0; page < pages_; ++page)
      pipeline_.next();
    for (auto& job : read_jobs(pipeline_.next()))
      next.push_back(std::move(job));
  }
  ended_ += jobs.size();
  return next;
}

JobsEnded Worker::run() {
  for (const auto* name : {"take", "checkpoint", "finish"})
    pipeline_.load(name);
  const auto begun = std::chrono::steady_clock::now();
  constexpr std::uint32_t half = 16;
  auto first = take(half);
  auto second = take(half);
  send_work(first);
  while (!first.empty() || !second.empty()) {
    send_work(second);
    first = read_work(first);
    std::swap(first, second);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  return {took.count(), ended_};
}

} // namespace

JobsEnded end_all_jobs(const JobsWanted& wanted) {
  return Worker{wanted}.run();
}

void take_jobs(std::uint16_t port, std::uint32_t count) {
  Pipeline pipeline{port};
  std::uint64_t next_token = 1;
  pipeline.load("take");
  for (std::uint32_t i = 0; i < count; ++i) {
    pipeline.call("take", take_args(1, next_token));
    if (read_jobs(pipeline.next()).empty())
      throw std::runtime_error("there are too few jobs to take");
  }
}

} // namespace gleaner::bench
