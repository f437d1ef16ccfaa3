#include "adapters/bullmq/queue_producer.hpp"

#include "adapters/bullmq/job_telemetry.hpp"
#include "adapters/bullmq/scripts.hpp"
#include "core/span_names.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace gleaner::bullmq {

namespace {

/// A script with so many holds Redis up for less than a millisecond.
constexpr std::size_t jobs_per_script = 50;

/// The span of one of the scripts that have added jobs, or have not.
Span sent(const QueueKeys& keys, const TraceContext& context,
          std::chrono::steady_clock::time_point start) {
  Span span;
  span.name = span_names::of_queue(span_names::send, keys.queue);
  span.kind = SpanKind::producer;
  span.context = context;
  span.start = start;
  span.end = std::chrono::steady_clock::now();
  span.attributes = {{span_keys::system, "bullmq"},
                     {span_keys::queue, keys.queue},
                     {span_keys::operation_name, std::string{span_names::send}},
                     {span_keys::operation_type, std::string{span_names::send}}};
  return span;
}

/// Of one job its id, of several how many they are.
void tell_of_jobs(Span& span, const redis::RedisValue& answer) {
  if (answer.items.size() == 1 && !answer.items[0].items.empty())
    span.attributes.push_back({span_keys::job_id, answer.items[0].items[0].text});
  else
    span.attributes.push_back(
      {span_keys::batch_size, static_cast<std::int64_t>(answer.items.size())});
}

} // namespace

std::string options_json(const AddOptions& options, const std::string& domain,
                         const TraceContext& trace) {
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
  if (trace.valid())
    json["tm"] = telemetry_json(trace);
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

QueueProducer::QueueProducer(redis::RedisClient& client, QueueKeys keys, Tracer* tracer)
    : client_(client), keys_(std::move(keys)), tracer_(tracer) {}

Result<std::vector<AddedJob>> QueueProducer::add(std::span<const std::string> domains,
                                                 const AddOptions& options) {
  const auto delay = std::to_string(options.delay.count());
  const auto priority = std::to_string(options.priority);
  const auto kept = std::to_string(options.deduplicate_for.count());
  std::vector<std::vector<std::string>> calls;
  std::vector<TraceContext> traces; // one for each call
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < domains.size(); ++i) {
    if (i % jobs_per_script == 0) {
      calls.push_back({"collect-domain", delay, priority, kept});
      traces.push_back(tracer_ ? tracer_->begin({}, true) : TraceContext{});
    }
    calls.back().insert(calls.back().end(), {data_json(options, domains[i]),
                                             options_json(options, domains[i], traces.back()),
                                             options.deduplicate ? domains[i] : std::string{}});
  }
  const auto answers = ScriptRunner{client_, keys_}.call_each("add", std::move(calls));
  for (std::size_t i = 0; i < traces.size(); ++i) {
    if (!traces[i].sampled)
      continue;
    auto span = sent(keys_, traces[i], start);
    if (answers)
      tell_of_jobs(span, (*answers)[i]);
    else
      span.error = to_string(answers.error().code);
    tracer_->record(std::move(span));
  }
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
