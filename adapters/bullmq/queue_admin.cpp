#include "adapters/bullmq/queue_admin.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

namespace gleaner::bullmq {

namespace {

using redis::RedisValue;

/// A script's answer when another call is needed.
constexpr std::int64_t unfinished = 2;

JobChange change_in(const RedisValue& answer) {
  switch (answer.integer) {
  case 1:
    return JobChange::done;
  case -3:
    return JobChange::wrong_state;
  case 0:
    return JobChange::held;
  case -8:
    return JobChange::planned;
  default:
    return JobChange::missing;
  }
}

std::int64_t number_at(const RedisValue& answer, std::size_t place) {
  return place < answer.items.size() ? answer.items[place].integer : 0;
}

/// So that a prefix is no pattern.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view{"*?[]\\"}.find(c) != std::string_view::npos)
      out += '\\';
    out += c;
  }
  return out;
}

/// Shows all keys that match, some at a time, until there is an error.
template <class Found>
Status scan(redis::CommandPort& client, const std::string& pattern, const Found& found) {
  std::string cursor = "0";
  do {
    const auto page =
      client.call({"SCAN", cursor, "MATCH", pattern, "COUNT", std::to_string(QueueAdmin::step)});
    if (!page)
      return page.error();
    if (page->items.size() != 2)
      return Error{Errc::internal, "SCAN was answered by something else"};
    cursor = page->items[0].text;
    if (const auto done = found(page->items[1].items); !done)
      return done;
  } while (cursor != "0");
  return Done{};
}

} // namespace

Result<bool> QueueAdmin::pause() {
  const auto answer = scripts_.call("pause", {});
  if (!answer)
    return answer.error();
  return answer->integer == 1;
}

Result<bool> QueueAdmin::resume() {
  for (;;) {
    const auto answer = scripts_.call("resume", {});
    if (!answer)
      return answer.error();
    if (answer->integer != unfinished)
      return answer->integer == 1;
  }
}

Result<std::uint64_t> QueueAdmin::drain(bool delayed) {
  std::uint64_t removed = 0;
  for (;;) {
    const auto answer = scripts_.call("drain", {delayed ? "1" : "0", std::to_string(step)});
    if (!answer)
      return answer.error();
    removed += static_cast<std::uint64_t>(number_at(*answer, 0));
    if (number_at(*answer, 1) == 0)
      return removed;
  }
}

Result<std::uint64_t> QueueAdmin::clean(const std::string& state, std::chrono::milliseconds grace) {
  std::vector<JobPlace> places;
  std::copy_if(std::begin(job_places), std::end(job_places), std::back_inserter(places),
               [&](const JobPlace& place) { return state == place.state; });
  std::int64_t removed = 0;
  for (const auto& place : places) {
    const auto in_all = clean_place(place, grace, removed, &place == &places.back());
    if (!in_all)
      return in_all.error();
    removed = *in_all;
  }
  return static_cast<std::uint64_t>(removed);
}

Result<std::int64_t> QueueAdmin::clean_place(const JobPlace& place, std::chrono::milliseconds grace,
                                             std::int64_t removed, bool is_last) {
  std::int64_t passed_over = 0;
  for (;;) {
    const auto answer = scripts_.call("clean", {place.key, place.is_list() ? "list" : "zset",
                                                std::to_string(grace.count()), std::to_string(step),
                                                std::to_string(passed_over),
                                                std::to_string(removed), is_last ? "1" : ""});
    if (!answer)
      return answer.error();
    removed += number_at(*answer, 0);
    passed_over = number_at(*answer, 1);
    if (number_at(*answer, 2) == 0)
      return removed;
  }
}

Status QueueAdmin::obliterate(bool force) {
  for (;;) {
    const auto answer = scripts_.call("obliterate", {force ? "1" : "0", std::to_string(step)});
    if (!answer)
      return answer.error();
    if (answer->integer < 0)
      return Error{Errc::usage, "jobs are active; wait for their end (the queue is paused now), or "
                                "add --force"};
    if (answer->integer == 0)
      return remove_own_keys();
  }
}

/// Who collects which domain at present: their number is that of the jobs, but no key lists them.
/// And what coordinators of a cluster tell there.
Status QueueAdmin::remove_own_keys() {
  const auto removed = remove_all("collecting:*");
  return removed ? remove_all("gleaner:*") : removed;
}

Status QueueAdmin::remove_all(const std::string& pattern) {
  return scan(client_, escaped(base_) + pattern,
              [&](const std::vector<RedisValue>& keys) -> Status {
                std::vector<std::string> words{"UNLINK"};
                for (const auto& key : keys)
                  words.push_back(key.text);
                if (words.size() == 1)
                  return Done{};
                const auto removed = client_.call(std::move(words));
                return removed ? Status{Done{}} : Status{removed.error()};
              });
}

Result<std::vector<JobChange>> QueueAdmin::change(const char* script, const std::vector<JobId>& ids,
                                                  const std::vector<std::string>& more) {
  const auto call_for = [&](const JobId& id) {
    std::vector<std::string> call{id};
    call.insert(call.end(), more.begin(), more.end());
    return call;
  };
  std::vector<std::vector<std::string>> calls;
  std::transform(ids.begin(), ids.end(), std::back_inserter(calls), call_for);
  const auto answers = scripts_.call_each(script, std::move(calls));
  if (!answers)
    return answers.error();
  std::vector<JobChange> changes;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    auto answer = (*answers)[i];
    while (answer.integer == unfinished) { // a family larger than one call may remove
      auto next = scripts_.call(script, call_for(ids[i]));
      if (!next)
        return next.error();
      answer = std::move(*next);
    }
    changes.push_back(change_in(answer));
  }
  return changes;
}

Result<std::vector<JobChange>> QueueAdmin::rerun(const std::vector<JobId>& ids, bool fresh,
                                                 bool failed_only) {
  return change("rerun", ids, {fresh ? "1" : "0", failed_only ? "failed" : ""});
}

Result<std::vector<JobChange>> QueueAdmin::promote(const std::vector<JobId>& ids) {
  return change("promote", ids, {});
}

Result<std::vector<JobChange>> QueueAdmin::remove(const std::vector<JobId>& ids, bool failed_only) {
  return change("remove", ids, {failed_only ? "failed" : ""});
}

Result<std::vector<std::string>> find_queues(redis::CommandPort& client,
                                             const std::string& prefix) {
  constexpr std::string_view suffix = ":meta";
  std::set<std::string> names;
  const auto done =
    scan(client, escaped(prefix) + ":*:meta", [&](const std::vector<RedisValue>& keys) -> Status {
      for (const auto& key : keys) {
        const auto name =
          key.text.substr(prefix.size() + 1, key.text.size() - prefix.size() - 1 - suffix.size());
        if (name.find(':') == std::string::npos)
          names.insert(name);
      }
      return Done{};
    });
  if (!done)
    return done.error();
  return std::vector<std::string>{names.begin(), names.end()};
}

} // namespace gleaner::bullmq
