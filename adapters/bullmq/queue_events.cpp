#include "adapters/bullmq/queue_events.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace gleaner::bullmq {

namespace {

using redis::RedisValue;

constexpr std::chrono::seconds longest_wait{10};
constexpr const char* most_at_once = "1000";

QueueEvent to_event(RedisValue& pairs) {
  QueueEvent event;
  for (std::size_t i = 0; i + 1 < pairs.items.size(); i += 2) {
    auto& name = pairs.items[i].text;
    auto& value = pairs.items[i + 1].text;
    if (name == "event")
      event.name = std::move(value);
    else if (name == "jobId")
      event.job_id = std::move(value);
    else
      event.fields.emplace(std::move(name), std::move(value));
  }
  return event;
}

} // namespace

QueueEvents::QueueEvents(redis::RedisClient& client, QueueKeys keys)
    : client_(client), keys_(std::move(keys)) {
  // "$" would lose what comes between two calls: the last id of now is remembered instead. Without
  // an answer the first call to next() tries again.
  (void)find_start();
}

Status QueueEvents::find_start() {
  if (!last_id_.empty())
    return Done{};
  auto last = client_.call({"XREVRANGE", keys_.key("events"), "+", "-", "COUNT", "1"});
  if (!last)
    return last.error();
  const bool any = !last->items.empty() && !last->items[0].items.empty();
  last_id_ = any ? last->items[0].items[0].text : "0-0";
  return Done{};
}

Result<std::vector<QueueEvent>> QueueEvents::next(std::chrono::milliseconds timeout) {
  if (auto started = find_start(); !started)
    return started.error();
  timeout =
    std::clamp<std::chrono::milliseconds>(timeout, std::chrono::milliseconds{1}, longest_wait);
  constexpr std::chrono::seconds patience{2};
  std::vector<std::string> command{"XREAD", "COUNT", most_at_once};
  if (client_.can_block())
    command.insert(command.end(), {"BLOCK", std::to_string(timeout.count())});
  command.insert(command.end(), {"STREAMS", keys_.key("events"), last_id_});
  auto answer = client_.call(std::move(command), timeout + patience);
  if (!answer)
    return answer.error();
  std::vector<QueueEvent> events;
  if (answer->items.empty() || answer->items[0].items.size() < 2) {
    constexpr std::chrono::milliseconds between_looks{1000};
    if (!client_.can_block())
      std::this_thread::sleep_for(std::min(timeout, between_looks));
    return events;
  }
  for (auto& entry : answer->items[0].items[1].items) {
    if (entry.items.size() < 2)
      continue;
    last_id_ = entry.items[0].text;
    events.push_back(to_event(entry.items[1]));
  }
  return events;
}

} // namespace gleaner::bullmq
