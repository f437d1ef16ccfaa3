#include "adapters/bullmq/job_codec.hpp"

#include "adapters/bullmq/job_telemetry.hpp"
#include "adapters/bullmq/json_line.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace gleaner::bullmq {

namespace {

using redis::RedisValue;

/// Places in the description that lua/taking.lua gives of a job.
enum Field : std::size_t {
  id_field,
  token_field,
  now_field,
  name_field,
  data_field,
  data_size_field,
  opts_field,
  opts_size_field,
  timestamp_field,
  made_field,
  deferred_failure_field,
  scheduler_field,
  ledger_field,
  start_shown_field,
  field_count
};

constexpr std::int64_t largest_field = 65536; // as in lua/taking.lua

std::int64_t to_integer(const RedisValue& value) {
  if (value.kind == RedisValue::Kind::integer)
    return value.integer;
  std::int64_t number = 0;
  const auto read =
    std::from_chars(value.text.data(), value.text.data() + value.text.size(), number);
  if (read.ec == std::errc::result_out_of_range)
    return value.text.starts_with('-') ? std::numeric_limits<std::int64_t>::min()
                                       : std::numeric_limits<std::int64_t>::max();
  return number;
}

std::string too_large(const char* what, std::int64_t bytes) {
  return std::string{"job "} + what + " is " + std::to_string(bytes) + " bytes long; at most " +
         std::to_string(largest_field) + " are read";
}

/// BullMQ's forms: true removes at once, false keeps all, a number keeps so many, an object has
/// count, age and limit.
std::optional<KeepJobs> read_keep(const Json& opts, const char* key) {
  const auto found = opts.find(key);
  if (found == opts.end() || found->is_null())
    return std::nullopt;
  if (found->is_boolean())
    return found->get<bool>() ? KeepJobs{0, {}, {}} : KeepJobs{};
  if (found->is_number())
    return KeepJobs{integer_in(opts, key), {}, {}};
  if (found->is_object())
    return KeepJobs{integer_in(*found, "count"), integer_in(*found, "age"),
                    integer_in(*found, "limit")};
  return std::nullopt;
}

BackoffKind kind_of(std::string_view name) {
  if (name == "fixed")
    return BackoffKind::fixed;
  return name == "exponential" ? BackoffKind::exponential : BackoffKind::unknown;
}

void read_backoff(const Json& opts, RetryPolicy& retry) {
  const auto found = opts.find("backoff");
  if (found != opts.end() && found->is_number()) {
    retry.kind = BackoffKind::fixed;
    retry.delay = std::chrono::milliseconds{integer_in(opts, "backoff").value_or(0)};
    return;
  }
  if (found == opts.end() || !found->is_object())
    return;
  const auto type = found->find("type");
  retry.kind_name = type != found->end() && type->is_string() ? type->get<std::string>() : "";
  retry.kind = kind_of(retry.kind_name);
  retry.delay = std::chrono::milliseconds{integer_in(*found, "delay").value_or(0)};
  const auto jitter = found->find("jitter");
  if (jitter != found->end() && jitter->is_number())
    retry.jitter = jitter->get<double>();
}

/// BullMQ writes this text for jobs that stalled too often; else it is a child that failed.
FailureReason reason_of_deferred(std::string_view text) {
  return text.starts_with("job stalled more than allowable limit") ? FailureReason::poison
                                                                   : FailureReason::children;
}

} // namespace

JobData read_data(std::string_view data) {
  JobData read;
  const auto refuse = [&](const char* why, const char* remedy) {
    read.refusal = std::string{"job data "} + why + ": " + quoted(data) + remedy;
    return read;
  };
  constexpr auto remedy = "; queue {\"domain\":\"example.com\"}";
  const auto parsed = parse_shallow(data);
  if (parsed.is_discarded())
    return refuse("is not JSON", remedy);
  const auto domain = parsed.is_object() ? parsed.find("domain") : parsed.end();
  if (!parsed.is_object() || domain == parsed.end())
    return refuse("has no domain", remedy);
  if (!domain->is_string())
    return refuse("has a domain that is no text", "");
  read.domain = domain->get<std::string>();
  const auto text = [&](const char* name) {
    const auto found = parsed.find(name);
    return found != parsed.end() && found->is_string() ? found->get<std::string>() : std::string{};
  };
  read.key_name = text("keyName");
  if (read.key_name.empty() && parsed.contains("keyName"))
    return refuse("has a keyName that names no API key", "; name one of api.key_names, or none");
  read.tenant = text("tenant");
  const auto refresh = parsed.find("refresh");
  read.refresh = refresh != parsed.end() && refresh->is_boolean() && refresh->get<bool>();
  return read;
}

void read_options(std::string_view opts, TakenJob& job) {
  const auto parsed = parse_shallow(opts);
  job.options_readable = opts.empty() || parsed.is_object();
  if (!parsed.is_object())
    return;
  job.priority = static_cast<std::uint32_t>(
    std::clamp<std::int64_t>(integer_in(parsed, "priority").value_or(0), 0, lowest_priority));
  job.retry.attempts = static_cast<std::uint32_t>(
    std::clamp<std::int64_t>(integer_in(parsed, "attempts").value_or(0), 0, 1000000000));
  read_backoff(parsed, job.retry);
  job.keep_completed = read_keep(parsed, "removeOnComplete");
  job.keep_failed = read_keep(parsed, "removeOnFail");
  job.stack_trace_limit = integer_in(parsed, "stackTraceLimit");
  job.trace = read_telemetry(parsed);
}

TakenJob read_job(const RedisValue& description) {
  TakenJob job;
  const auto& fields = description.items;
  if (fields.size() < field_count) {
    job.refusal = "the job could not be read";
    return job;
  }
  job.lock = {fields[id_field].text, fields[token_field].text};
  job.name = fields[name_field].text;
  job.scheduler = fields[scheduler_field].text;
  job.timestamp_ms = to_integer(fields[timestamp_field]);
  job.processed_on_ms = to_integer(fields[now_field]);
  job.ledger_pages = static_cast<std::uint32_t>(
    std::clamp<std::int64_t>(to_integer(fields[ledger_field]), 0, 1000000000));
  job.start_shown = to_integer(fields[start_shown_field]) == 1;
  job.attempts_made = static_cast<std::uint32_t>(
    std::clamp<std::int64_t>(to_integer(fields[made_field]), 0, 1000000000));
  read_options(fields[opts_field].text, job);
  if (const auto bytes = to_integer(fields[data_size_field]); bytes > largest_field) {
    job.refusal = too_large("data", bytes);
  } else {
    auto read = read_data(fields[data_field].text);
    job.domain = std::move(read.domain);
    job.key_name = std::move(read.key_name);
    job.tenant = std::move(read.tenant);
    job.refresh = read.refresh;
    job.refusal = std::move(read.refusal);
  }
  if (const auto bytes = to_integer(fields[opts_size_field]); bytes > largest_field)
    job.refusal = too_large("options", bytes);
  if (const auto& deferred = fields[deferred_failure_field].text; !deferred.empty()) {
    job.refusal = deferred; // a BullMQ process wants it failed by whoever takes it
    job.refusal_reason = reason_of_deferred(deferred);
  }
  return job;
}

TakeResult read_take(const RedisValue& answer) {
  TakeResult result;
  if (answer.items.size() < 3)
    return result;
  for (const auto& description : answer.items[0].items)
    result.jobs.push_back(read_job(description));
  if (const auto due_in = to_integer(answer.items[1]); due_in >= 0)
    result.next_delayed_in = std::chrono::milliseconds{due_in};
  if (const auto limited_for = to_integer(answer.items[2]); limited_for > 0)
    result.rate_limited_for = std::chrono::milliseconds{limited_for};
  return result;
}

std::string to_json(const Progress& progress) {
  JsonLine json;
  json.text("status", to_string(progress.status));
  switch (progress.status) {
  case ProgressStatus::starting:
    json.text("domain", progress.domain);
    break;
  case ProgressStatus::fetching:
    json.number("page", progress.page);
    json.number("collected", progress.collected);
    json.number("total", progress.total);
    json.number("progress", progress.percent);
    break;
  case ProgressStatus::rate_limited:
    json.number("page", progress.page);
    json.number("backoffMs", progress.backoff.count());
    json.number("collected", progress.collected);
    break;
  case ProgressStatus::normalizing:
    json.text("domain", progress.domain);
    json.number("collected", progress.collected);
    json.number("total", progress.total);
    break;
  case ProgressStatus::completed:
    json.text("domain", progress.domain);
    json.number("itemsSaved", progress.items_saved);
    json.number("total", progress.total);
    if (progress.fresh)
      json.flag("fresh", true);
    break;
  case ProgressStatus::failed:
    json.text("domain", progress.domain);
    json.text("error", progress.error);
    json.text("code", progress.code);
    break;
  }
  return std::move(json).take();
}

std::string to_json(const JobResult& result) {
  JsonLine json;
  json.flag("success", true);
  json.text("domain", result.domain);
  json.number("itemsCollected", result.items_collected);
  json.number("total", result.total);
  json.text("collectedAt", result.collected_at);
  if (!result.truncated.empty())
    json.text("truncated", result.truncated);
  if (result.fresh)
    json.flag("fresh", true);
  return std::move(json).take();
}

} // namespace gleaner::bullmq
