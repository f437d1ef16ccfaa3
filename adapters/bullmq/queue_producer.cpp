#include "adapters/bullmq/queue_producer.hpp"

#include "adapters/bullmq/scripts.hpp"

#include <nlohmann/json.hpp>

#include <condition_variable>
#include <mutex>
#include <utility>

namespace gleaner::bullmq {

namespace {

/// The options as BullMQ's clients store them.
std::string options_json(const AddOptions& options, const std::string& domain) {
  nlohmann::ordered_json json{{"attempts", options.attempts}};
  if (options.attempts > 1)
    json["backoff"] = {{"type", "exponential"}, {"delay", options.backoff.count()}};
  if (options.delay.count() > 0)
    json["delay"] = options.delay.count();
  if (options.priority > 0)
    json["priority"] = options.priority;
  if (options.deduplicate) {
    json["de"]["id"] = domain;
    if (options.deduplicate_for.count() > 0)
      json["de"]["ttl"] = options.deduplicate_for.count();
  }
  return json.dump();
}

std::string data_json(const std::string& domain) {
  const nlohmann::json data{{"domain", domain}};
  return data.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Collects the answers of one pipeline, which come on the client's thread.
class Answers {
public:
  explicit Answers(std::size_t count) : jobs_(count), missing_(count) {}

  void put(std::size_t place, Result<redis::RedisValue> value) {
    const std::lock_guard guard{mutex_};
    if (value && value->items.size() == 2)
      jobs_[place] = {std::move(value->items[0].text), value->items[1].integer == 1};
    else if (!error_)
      error_ = value ? Error{Errc::internal, "adding a job was answered by something else"}
                     : value.error();
    if (--missing_ == 0)
      complete_.notify_one();
  }

  Result<std::vector<AddedJob>> wait() {
    std::unique_lock guard{mutex_};
    complete_.wait(guard, [this] { return missing_ == 0; });
    if (error_)
      return *error_;
    return std::move(jobs_);
  }

private:
  std::mutex mutex_;
  std::condition_variable complete_;
  std::vector<AddedJob> jobs_;
  std::size_t missing_;
  std::optional<Error> error_;
};

} // namespace

QueueProducer::QueueProducer(redis::RedisClient& client, QueueKeys keys)
    : client_(client), keys_(std::move(keys)) {}

Result<std::vector<AddedJob>> QueueProducer::add(std::span<const std::string> domains,
                                                 const AddOptions& options) {
  ScriptRunner scripts{client_, keys_}; // outlived by no reply: wait() is for them all
  const auto delay = std::to_string(options.delay.count());
  const auto priority = std::to_string(options.priority);
  const auto kept = std::to_string(options.deduplicate_for.count());
  Answers answers{domains.size()};
  if (domains.empty())
    return std::vector<AddedJob>{};
  // Were the script unknown, its healing would mix up the order of the pipeline.
  client_.submit({"SCRIPT", "LOAD", script("add").text}, [](const Result<redis::RedisValue>&) {});
  for (std::size_t i = 0; i < domains.size(); ++i)
    scripts.run("add",
                {"collect-domain", data_json(domains[i]), options_json(options, domains[i]), delay,
                 priority, options.deduplicate ? domains[i] : std::string{}, kept},
                [&answers, i](Result<redis::RedisValue> id) { answers.put(i, std::move(id)); });
  return answers.wait();
}

} // namespace gleaner::bullmq
