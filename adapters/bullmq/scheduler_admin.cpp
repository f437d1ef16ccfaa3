#include "adapters/bullmq/scheduler_admin.hpp"

#include "adapters/bullmq/iteration.hpp"
#include "adapters/bullmq/job_codec.hpp"
#include "adapters/bullmq/shallow_json.hpp"
#include "core/cron_schedule.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace gleaner::bullmq {

namespace {

using redis::RedisValue;

/// When the first job is due: with a period at once.
Result<std::int64_t> first_time(const NewScheduler& wanted, std::int64_t now) {
  if (wanted.every.count() > 0)
    return now;
  const auto schedule = parse_cron(wanted.pattern, wanted.zone);
  if (!schedule)
    return schedule.error();
  const auto next = schedule->next_after(now);
  if (!next)
    return Error{Errc::usage, "the pattern '" + wanted.pattern + "' names a time that never comes"};
  return *next;
}

Json repeat_options(const NewScheduler& wanted, std::int64_t now) {
  Json repeat{{"count", 1}};
  if (wanted.every.count() > 0) {
    repeat["every"] = wanted.every.count();
    repeat["offset"] = now % wanted.every.count();
    return repeat;
  }
  repeat["pattern"] = wanted.pattern;
  if (!wanted.zone.empty())
    repeat["tz"] = wanted.zone;
  return repeat;
}

/// Fields of the record and their values, one behind the other.
std::vector<std::string> record_of(const NewScheduler& wanted, const Json& repeat,
                                   const Json& template_opts, const std::string& data) {
  std::vector<std::string> fields{"name", "collect-domain", "data",
                                  data,   "opts",           template_opts.dump()};
  for (const auto* key : {"every", "offset"})
    if (repeat.contains(key))
      fields.insert(fields.end(), {key, std::to_string(repeat[key].get<std::int64_t>())});
  if (repeat.contains("pattern"))
    fields.insert(fields.end(), {"pattern", wanted.pattern});
  if (repeat.contains("tz"))
    fields.insert(fields.end(), {"tz", wanted.zone});
  return fields;
}

std::string text_at(const RedisValue& list, std::size_t place) {
  return place < list.items.size() ? list.items[place].text : std::string{};
}

} // namespace

SchedulerAdmin::SchedulerAdmin(redis::CommandPort& client, QueueKeys keys)
    : client_(client), keys_(std::move(keys)), scripts_(client_, keys_) {}

Result<std::int64_t> SchedulerAdmin::now_ms() {
  const auto time = client_.call({"TIME"});
  if (!time)
    return time.error();
  const auto seconds = std::strtoll(text_at(*time, 0).c_str(), nullptr, 10);
  return seconds * 1000 + std::strtoll(text_at(*time, 1).c_str(), nullptr, 10) / 1000;
}

Result<bool> SchedulerAdmin::put(const NewScheduler& wanted) {
  const auto now = now_ms();
  if (!now)
    return now.error();
  const auto first = first_time(wanted, *now);
  if (!first)
    return first.error();
  const auto template_opts = Json::parse(options_json(wanted.options, wanted.domain));
  const auto repeat = repeat_options(wanted, *now);
  auto opts = template_opts;
  opts["repeat"] = repeat;
  opts["jobId"] = iteration_id(wanted.id, *first);
  opts["delay"] = std::max<std::int64_t>(0, *first - *now);
  opts["timestamp"] = *now;
  opts["prevMillis"] = *first;
  opts["repeatJobKey"] = wanted.id;
  const auto data = data_json(wanted.options, wanted.domain);
  std::vector<std::string> args{wanted.id,        std::to_string(*first),
                                "collect-domain", data,
                                opts.dump(),      std::to_string(wanted.options.priority)};
  const auto record = record_of(wanted, repeat, template_opts, data);
  args.insert(args.end(), record.begin(), record.end());
  const auto added = scripts_.call("schedule_add", std::move(args));
  if (!added)
    return added.error();
  if (added->integer < 0)
    return Error{Errc::job_not_active, "the job that is due now runs already; try again"};
  return added->integer == 1;
}

Result<std::vector<SchedulerView>> SchedulerAdmin::list(std::uint64_t most) {
  const auto places =
    client_.call({"ZRANGE", keys_.key("repeat"), "0", std::to_string(most - 1), "WITHSCORES"});
  if (!places)
    return places.error();
  std::vector<SchedulerView> found;
  for (std::size_t i = 0; i + 1 < places->items.size(); i += 2) {
    SchedulerView view;
    view.id = places->items[i].text;
    view.next_ms =
      static_cast<std::int64_t>(std::strtod(places->items[i + 1].text.c_str(), nullptr)); // a score
    const auto record = client_.call(
      {"HMGET", keys_.key("repeat:" + view.id), "name", "every", "pattern", "tz", "ic", "data"});
    if (!record)
      return record.error();
    view.name = text_at(*record, 0);
    view.every_ms = text_at(*record, 1);
    view.pattern = text_at(*record, 2);
    view.zone = text_at(*record, 3);
    view.made = std::strtoull(text_at(*record, 4).c_str(), nullptr, 10);
    view.domain = read_data(text_at(*record, 5)).domain;
    found.push_back(std::move(view));
  }
  return found;
}

Result<bool> SchedulerAdmin::remove(const std::string& id) {
  const auto removed = scripts_.call("schedule_remove", {id});
  if (!removed)
    return removed.error();
  return removed->integer == 1;
}

} // namespace gleaner::bullmq
