#include "adapters/bullmq/iteration.hpp"

#include "adapters/bullmq/shallow_json.hpp"
#include "core/cron_schedule.hpp"
#include "core/iso_time.hpp"
#include "core/job.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace gleaner::bullmq {

namespace {

/// Beyond all times, and far enough from the end of the type to reckon with.
constexpr std::int64_t largest = 9000000000000000;

std::optional<std::int64_t> to_integer(const std::optional<std::string>& text) {
  std::int64_t number = 0;
  if (!text || text->empty())
    return std::nullopt;
  const auto [rest, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  return error == std::errc{} ? std::optional{std::clamp(number, -largest, largest)} : std::nullopt;
}

std::string text_in(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// Producers give dates as milliseconds or as ISO text.
std::optional<std::int64_t> time_in(const Json& object, const char* key) {
  if (const auto number = integer_in(object, key))
    return number;
  return parse_iso_time(text_in(object, key));
}

/// The next time on the grid that `every` and `offset` make; what was missed is skipped.
std::int64_t next_on_grid(std::int64_t previous, std::int64_t every, std::int64_t offset,
                          std::int64_t now) {
  const auto next = previous + every;
  if (next >= now)
    return next;
  const auto slot = now / every * every + offset % every;
  return slot > now ? slot : slot + ((now - slot) / every + 1) * every;
}

Result<std::optional<std::int64_t>> next_by_pattern(const Json& opts, const Json& repeat,
                                                    std::int64_t now) {
  const auto schedule = parse_cron(text_in(repeat, "pattern"), text_in(repeat, "tz"));
  if (!schedule)
    return schedule.error();
  const auto after = std::max(
    {now, integer_in(opts, "prevMillis").value_or(0), time_in(repeat, "startDate").value_or(0)});
  return schedule->next_after(after);
}

bool is_over(const Json& repeat, std::int64_t count, std::int64_t now) {
  const auto limit = integer_in(repeat, "limit");
  const auto end = time_in(repeat, "endDate");
  return (limit && count > *limit) || (end && now > *end);
}

Result<std::optional<std::int64_t>> next_time(const SchedulerRecord& record, const Json& opts,
                                              const Json& repeat, std::int64_t now) {
  auto every = to_integer(record.every);
  if (!every)
    every = integer_in(repeat, "every");
  if (!every)
    return next_by_pattern(opts, repeat, now);
  if (*every <= 0)
    return Error{Errc::job_malformed, "its period is " + std::to_string(*every) + " ms"};
  auto offset = to_integer(record.offset);
  if (!offset)
    offset = integer_in(repeat, "offset");
  return std::optional{next_on_grid(*record.at_ms, *every, offset.value_or(0), now)};
}

std::string next_opts(Json opts, const std::string& job_id, std::int64_t count,
                      std::int64_t next_ms, std::int64_t now) {
  opts["repeat"]["count"] = count;
  opts["jobId"] = job_id;
  opts["delay"] = std::max<std::int64_t>(0, next_ms - now);
  opts["timestamp"] = now;
  opts["prevMillis"] = next_ms; // workers of BullMQ 5 go by it
  return opts.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace

std::string iteration_id(const std::string& scheduler, std::int64_t due_ms) {
  return "repeat:" + scheduler + ':' + std::to_string(due_ms);
}

Result<std::optional<Iteration>> next_iteration(const SchedulerRecord& record,
                                                const SchedulerJob& job, std::int64_t now_ms) {
  auto opts = parse_shallow(job.opts);
  const auto repeat = opts.is_object() ? opts.find("repeat") : opts.end();
  if (!opts.is_object() || repeat == opts.end() || !repeat->is_object())
    return Error{Errc::job_malformed, "its job has no options `repeat`"};
  const auto count = integer_in(*repeat, "count").value_or(0) + 1;
  if (!record.at_ms || is_over(*repeat, count, now_ms))
    return std::optional<Iteration>{};
  if (std::abs(*record.at_ms) >= largest)
    return Error{Errc::job_malformed, "its time is none"};
  const auto next_ms = next_time(record, opts, *repeat, now_ms);
  if (!next_ms)
    return next_ms.error();
  const auto end = time_in(*repeat, "endDate");
  if (!*next_ms || (end && **next_ms > *end))
    return std::optional<Iteration>{};
  Iteration next;
  next.scheduler = job.scheduler;
  next.previous_ms = *record.at_ms;
  next.next_ms = **next_ms;
  const bool has_template = record.count.has_value();
  next.name = has_template ? record.name.value_or(job.name) : job.name;
  next.data = has_template ? record.data.value_or("{}") : job.data;
  next.priority = static_cast<std::uint32_t>(
    std::clamp<std::int64_t>(integer_in(opts, "priority").value_or(0), 0, lowest_priority));
  next.opts = next_opts(std::move(opts), iteration_id(job.scheduler, next.next_ms), count,
                        next.next_ms, now_ms);
  return std::optional{std::move(next)};
}

} // namespace gleaner::bullmq
