#include "adapters/bullmq/job_browser.hpp"

#include "adapters/bullmq/job_codec.hpp"
#include "adapters/bullmq/job_places.hpp"
#include "adapters/bullmq/queue_writer.hpp"
#include "adapters/bullmq/scripts.hpp"
#include "adapters/bullmq/shallow_json.hpp"

#include <algorithm>
#include <charconv>
#include <future>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

namespace gleaner::bullmq {

namespace {

using redis::RedisValue;
using Fields = std::map<std::string, std::string>;

std::int64_t number(const Fields& fields, const char* name) {
  const auto found = fields.find(name);
  std::int64_t value = 0;
  if (found != fields.end())
    std::from_chars(found->second.data(), found->second.data() + found->second.size(), value);
  return value;
}

std::string text(Fields& fields, const char* name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string{} : std::move(found->second);
}

/// Of the items from `start` on.
Fields to_fields(RedisValue& hash, std::size_t start = 0) {
  Fields fields;
  for (std::size_t i = start; i + 1 < hash.items.size(); i += 2)
    fields.emplace(std::move(hash.items[i].text), std::move(hash.items[i + 1].text));
  return fields;
}

JobView to_view(const JobId& id, std::string state, Fields fields) {
  JobView view;
  view.id = id;
  view.state = std::move(state);
  const auto made = fields.contains("attemptsMade") ? "attemptsMade" : "atm";
  view.attempts_made = static_cast<std::uint32_t>(number(fields, made));
  view.priority = number(fields, "priority");
  view.timestamp_ms = number(fields, "timestamp");
  view.processed_on_ms = number(fields, "processedOn");
  view.finished_on_ms = number(fields, "finishedOn");
  view.delay_ms = number(fields, "delay");
  view.name = text(fields, "name");
  view.data = text(fields, "data");
  view.opts = text(fields, "opts");
  view.progress = text(fields, "progress");
  view.return_value = text(fields, "returnvalue");
  view.stacktrace = text(fields, "stacktrace");
  view.failed_reason = text(fields, "failedReason");
  if (view.state == "failed")
    view.failure_class = failure_class_of(view.failed_reason, view.progress);
  view.processed_by = text(fields, "pb");
  view.domain = read_data(view.data).domain;
  TakenJob job;
  read_options(view.opts, job);
  view.attempts = job.retry.attempts;
  return view;
}

std::optional<std::uint64_t> count_in(const RedisValue& value) {
  std::uint64_t count = 0;
  const auto& text = value.text;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  return error == std::errc{} ? std::optional{count} : std::nullopt;
}

std::vector<std::string> range_command(const JobPlace& place, const std::string& key,
                                       std::uint64_t start, std::uint64_t count) {
  const auto first = static_cast<std::int64_t>(start);
  const auto last = first + static_cast<std::int64_t>(count) - 1;
  switch (place.order) {
  case JobPlace::Order::tail_first:
    return {"LRANGE", key, std::to_string(-last - 1), std::to_string(-first - 1)};
  case JobPlace::Order::lowest_first:
    return {"ZRANGE", key, std::to_string(first), std::to_string(last)};
  case JobPlace::Order::highest_first:
    return {"ZREVRANGE", key, std::to_string(first), std::to_string(last)};
  }
  return {};
}

} // namespace

JobBrowser::JobBrowser(redis::RedisClient& client, QueueKeys keys)
    : client_(client), keys_(std::move(keys)) {}

Result<std::vector<JobId>> JobBrowser::read_ids(const JobPlace& place, std::uint64_t start,
                                                std::uint64_t count) {
  auto range = client_.call(range_command(place, keys_.key(place.key), start, count));
  if (!range)
    return range.error();
  if (place.is_list())
    std::reverse(range->items.begin(), range->items.end());
  std::vector<JobId> ids;
  for (auto& id : range->items)
    ids.push_back(std::move(id.text));
  return ids;
}

Result<std::vector<JobView>> JobBrowser::list(const std::string& state, std::uint64_t start,
                                              std::uint64_t count) {
  std::vector<JobId> all;
  for (const auto& place : job_places) {
    if (state != place.state || all.size() >= count)
      continue;
    auto ids = read_ids(place, start, count - all.size());
    if (!ids)
      return ids.error();
    std::move(ids->begin(), ids->end(), std::back_inserter(all));
    if (state != "waiting")
      break; // only those can be in two places
    const auto length = client_.call({"LLEN", keys_.key(place.key)});
    if (!length)
      return length.error();
    start -= std::min(start, static_cast<std::uint64_t>(length->integer));
  }
  return read_jobs(all, state);
}

Result<std::vector<JobView>> JobBrowser::read_jobs(const std::vector<JobId>& ids,
                                                   const std::string& state) {
  // Answers come in order, so the last one ends the wait; all are submitted at once.
  std::vector<std::future<Result<RedisValue>>> hashes;
  for (const auto& id : ids) {
    auto answer = std::make_shared<std::promise<Result<RedisValue>>>();
    hashes.push_back(answer->get_future());
    client_.submit({"HGETALL", keys_.key(id)},
                   [answer](Result<RedisValue> value) { answer->set_value(std::move(value)); });
  }
  std::vector<JobView> jobs;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    auto hash = hashes[i].get();
    if (!hash && hash.error().detail.starts_with("WRONGTYPE"))
      continue; // a list names what is no job
    if (!hash)
      return hash.error();
    if (!hash->items.empty()) // else removed since
      jobs.push_back(to_view(ids[i], state, to_fields(*hash)));
  }
  return jobs;
}

Result<JobView> JobBrowser::show(const JobId& id) {
  auto hash = client_.call({"HGETALL", keys_.key(id)});
  if (!hash)
    return hash.error();
  auto fields = to_fields(*hash);
  if (!fields.contains("name"))
    return Error{Errc::not_found, "there is no job '" + id + "' in queue " + keys_.queue};
  for (const auto& place : job_places) {
    const auto found =
      client_.call({place.is_list() ? "LPOS" : "ZSCORE", keys_.key(place.key), id});
    if (!found)
      return found.error();
    if (!found->is_nil())
      return to_view(id, place.state, std::move(fields));
  }
  return to_view(id, "unknown", std::move(fields));
}

Result<JobLogs> JobBrowser::logs(const JobId& id, std::uint64_t start, std::uint64_t count) {
  const auto key = keys_.key(id) + ":logs";
  const auto end = start + count; // an end of 0 would be -1 as the last one, which means all
  auto rows = end == 0
                ? Result<RedisValue>{RedisValue{}}
                : client_.call({"LRANGE", key, std::to_string(start), std::to_string(end - 1)});
  if (!rows)
    return rows.error();
  const auto length = client_.call({"LLEN", key});
  if (!length)
    return length.error();
  if (length->integer == 0) {
    const auto exists = client_.call({"EXISTS", keys_.key(id)});
    if (exists && exists->integer == 0)
      return Error{Errc::not_found, "there is no job '" + id + "' in queue " + keys_.queue};
  }
  JobLogs logs;
  logs.count = static_cast<std::uint64_t>(length->integer);
  for (auto& row : rows->items)
    logs.rows.push_back(std::move(row.text));
  return logs;
}

Result<QueueCounts> JobBrowser::counts() {
  const auto counts = ScriptRunner{client_, keys_}.call("counts", {});
  if (!counts)
    return counts.error();
  return read_counts(*counts);
}

Result<QueueOverview> JobBrowser::overview(std::uint32_t most) {
  auto answer = ScriptRunner{client_, keys_}.call("overview", {std::to_string(most)});
  if (!answer)
    return answer.error();
  if (answer->items.size() != 4)
    return Error{Errc::internal, "the script of the overview answered something else"};
  auto& items = answer->items;
  QueueOverview seen{items[0].integer, count_in(items[1]), count_in(items[2]), {}};
  for (auto& job : items[3].items)
    if (!job.items.empty())
      seen.active.push_back(to_view(job.items[0].text, "active", to_fields(job, 1)));
  return seen;
}

} // namespace gleaner::bullmq
