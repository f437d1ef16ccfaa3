#include "adapters/bullmq/queue_producer.hpp"

#include "adapters/bullmq/scripts.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace gleaner::bullmq {

namespace {

/// A script with so many holds Redis up for less than a millisecond.
constexpr std::size_t jobs_per_script = 50;

} // namespace

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

std::string data_json(const AddOptions& options, const std::string& domain) {
  nlohmann::ordered_json data{{"domain", domain}};
  if (!options.key_name.empty())
    data["keyName"] = options.key_name;
  if (!options.tenant.empty())
    data["tenant"] = options.tenant;
  if (options.refresh)
    data["refresh"] = true;
  return data.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

QueueProducer::QueueProducer(redis::RedisClient& client, QueueKeys keys)
    : client_(client), keys_(std::move(keys)) {}

Result<std::vector<AddedJob>> QueueProducer::add(std::span<const std::string> domains,
                                                 const AddOptions& options) {
  const auto delay = std::to_string(options.delay.count());
  const auto priority = std::to_string(options.priority);
  const auto kept = std::to_string(options.deduplicate_for.count());
  std::vector<std::vector<std::string>> calls;
  for (std::size_t i = 0; i < domains.size(); ++i) {
    if (i % jobs_per_script == 0)
      calls.push_back({"collect-domain", delay, priority, kept});
    calls.back().insert(calls.back().end(),
                        {data_json(options, domains[i]), options_json(options, domains[i]),
                         options.deduplicate ? domains[i] : std::string{}});
  }
  const auto answers = ScriptRunner{client_, keys_}.call_each("add", std::move(calls));
  if (!answers)
    return answers.error();
  std::vector<AddedJob> jobs;
  for (const auto& answer : *answers)
    for (const auto& job : answer.items) {
      if (job.items.size() != 2)
        return Error{Errc::internal, "adding a job was answered by something else"};
      jobs.push_back({job.items[0].text, job.items[1].integer == 1});
    }
  return jobs;
}

} // namespace gleaner::bullmq
