#include "tests/simulation/world/oracle.hpp"

#include "adapters/bullmq/scripts.hpp"
#include "core/domain.hpp"

#include <algorithm>
#include <utility>

namespace gleaner::simulation {

namespace {

constexpr std::chrono::seconds longest_window{10}; // of the API

bool is_script(const RedisHost::Words& words, std::string_view name) {
  const auto& script = bullmq::script(name);
  return (words[0] == "EVALSHA" && words[1] == script.sha) ||
         (words[0] == "EVAL" && words[1] == script.text);
}

} // namespace

void Oracle::fail(const std::string& what) {
  if (!failure_.empty())
    return;
  failure_ = what;
  trace_.add("VIOLATION", what);
}

void Oracle::expect_job(const std::string& id, const std::string& domain, std::size_t rows) {
  jobs_[id] = {domain, rows, {}, {}, 0};
}

void Oracle::disturb_all() {
  for (auto& [sender, run] : runs_)
    run.disturbed = true;
}

void Oracle::forget_what_redis_forgot() {
  std::erase_if(kept_, [this](const auto& entry) {
    const auto& [page, identity] = entry;
    const auto* ledger = redis_.server().keys().get<Hash>(key(page.first + ":ledger"));
    const auto* owner = ledger ? ledger->find("job") : nullptr;
    return !owner || *owner != identity || !ledger->find(std::to_string(page.second));
  });
  for (auto& [id, job] : jobs_) {
    std::size_t places = 0;
    job.place = find_place(id, places);
  }
}

const std::string* Oracle::job_of(const std::string& domain) const {
  for (const auto& [id, job] : jobs_)
    if (job.domain == domain)
      return &id;
  return nullptr;
}

std::string Oracle::find_place(const std::string& id, std::size_t& places) {
  std::string found;
  auto& keys = redis_.server().keys();
  for (const auto* name : {"wait", "active", "paused"})
    if (const auto* list = keys.get<List>(key(name)))
      if (const auto count = std::count(list->begin(), list->end(), id); count > 0) {
        places += static_cast<std::size_t>(count);
        found = name;
      }
  for (const auto* name : {"prioritized", "delayed", "completed", "failed", "waiting-children"})
    if (const auto* set = keys.get<SortedSet>(key(name)); set && set->score(id)) {
      ++places;
      found = name;
    }
  return found;
}

void Oracle::before_command(const RedisHost::Words& words) {
  if (!words[0].starts_with("EVAL"))
    return;
  for (auto& [id, job] : jobs_) {
    const auto* lock = redis_.server().keys().get<std::string>(key(id + ":lock"));
    job.lock = lock ? *lock : std::string{};
  }
}

/// Words: EVALSHA, which, 1, base, job, token and what else the script wants.
void Oracle::check_fence(const RedisHost::Words& words, const redis::RedisValue& answer) {
  static constexpr const char* fenced[] = {"finish", "retry",    "release",   "park",
                                           "log",    "progress", "checkpoint"};
  const bool refused = answer.kind == redis::RedisValue::Kind::integer && answer.integer < 0;
  if (refused || answer.kind == redis::RedisValue::Kind::error)
    return;
  for (const auto* name : fenced)
    if (is_script(words, name) && jobs_.at(words.at(4)).lock != words.at(5))
      fail(std::string{name} + " of job " + words[4] + " without its lock");
}

/// Words behind the token: progress, lock ms, identity, life, page, content.
void Oracle::note_kept(const RedisHost::Words& words) {
  const auto offset = static_cast<std::uint32_t>(std::stoul(words.at(10)));
  if (swarm_.ledger)
    kept_[{words.at(4), offset}] = words.at(8);
  jobs_.at(words.at(4)).stalls = 0;
}

/// Only jobs without a lock are put back, and only those that stalled too often fail.
void Oracle::check_stalled(const redis::RedisValue& answer) {
  constexpr std::size_t most_stalls = 2;
  if (answer.items.size() < 2)
    return;
  for (const auto& list : {answer.items[0], answer.items[1]})
    for (const auto& id : list.items) {
      auto& job = jobs_.at(id.text);
      ++job.stalls;
      if (!job.lock.empty())
        fail("job " + id.text + " is taken from its holder " + job.lock);
      if (!swarm_.holders_are_disturbed())
        fail("job " + id.text + " stalled though nobody who held it came to harm");
    }
  for (const auto& id : answer.items[1].items)
    if (jobs_.at(id.text).stalls <= most_stalls && !swarm_.redis_forgets())
      fail("job " + id.text + " fails after too few stalls");
}

void Oracle::after_command(std::uint64_t sender, const RedisHost::Words& words,
                           const redis::RedisValue& answer) {
  ++figures_.commands;
  if (answer.kind == redis::RedisValue::Kind::error && !answer.text.starts_with("NOSCRIPT"))
    fail("Redis answers " + answer.text);
  check_fence(words, answer);
  if (is_script(words, "checkpoint") && answer.integer > 0)
    note_kept(words);
  if (is_script(words, "stalled"))
    check_stalled(answer);
  for (auto& [id, job] : jobs_) {
    std::size_t places = 0;
    auto place = find_place(id, places);
    if (places != 1)
      fail("job " + id + " is in " + std::to_string(places) + " places");
    if (place == job.place)
      continue;
    job.place = std::move(place);
    trace_.add("job " + id, job.place, sender);
    if (job.place == "completed")
      check_completion(sender, id, job);
  }
}

/// The collection is safe before the job is completed.
void Oracle::check_completion(std::uint64_t sender, const std::string& id, const Job& job) {
  const auto content = runs_.at(sender).disk->durable_content(collection_file_name(job.domain));
  if (!content)
    return fail("job " + id + " is completed without a safe collection");
  if (redis_.server().keys().find(key(id + ":ledger")) != nullptr)
    fail("the ledger of job " + id + " is there after its end");
  check_collection(id, job, *content);
}

void Oracle::unsettle_pace() {
  pace_unsettled_until_ = timeline_.now() + 2 * longest_window;
  excuse_pace();
}

void Oracle::lose_witness() {
  witness_missing_until_ = timeline_.now() + 2 * longest_window;
  excuse_pace();
}

void Oracle::excuse_pace() {
  const auto now = timeline_.now();
  if (now < pace_unsettled_until_ && now < witness_missing_until_)
    pace_excused_until_ = now + 2 * longest_window;
}

/// No stretch of a window's length may see more requests than it allows, whoever sends them.
void Oracle::check_pace() {
  const auto now = timeline_.now();
  requests_.push_back(now);
  std::chrono::milliseconds longest{0};
  for (const auto& window : swarm_.limits) {
    longest = std::max(longest, window.period);
    const auto within = std::count_if(requests_.begin(), requests_.end(),
                                      [&](auto time) { return time > now - window.period; });
    if (within > window.requests && now >= pace_excused_until_)
      fail(std::to_string(within) + " requests within " + std::to_string(window.period.count()) +
           " ms, where " + std::to_string(window.requests) + " are allowed");
  }
  while (!requests_.empty() && requests_.front() <= now - longest)
    requests_.pop_front();
}

void Oracle::on_request(std::uint64_t sender, const PageRequest& request) {
  check_pace();
  const auto* id = job_of(request.domain);
  if (!id || timeline_.now() < excused_until_)
    return;
  const auto token = text_of({"GET", key(*id + ":lock")});
  if (!token.starts_with(runs_.at(sender).token_seed + ":"))
    fail("a request for job " + *id + " whose lock is " + (token.empty() ? "gone" : token));
  if (kept_.contains({*id, request.offset}))
    fail("page " + std::to_string(request.offset) + " of job " + *id +
         " is asked for though it is kept");
}

void Oracle::on_page(const PageRequest& request) {
  const auto* id = job_of(request.domain);
  if (!id)
    return;
  ++figures_.pages_served;
  const bool excused = timeline_.now() < excused_until_;
  const auto token = excused ? std::string{} : text_of({"GET", key(*id + ":lock")});
  const auto [entry, first] = paid_.try_emplace({*id, request.offset}, token);
  if (first)
    return;
  ++figures_.pages_again;
  // Who still holds the job has the page, or will get it.
  if (!token.empty() && entry->second == token && swarm_.malformed == 0)
    fail("page " + std::to_string(request.offset) + " of job " + *id +
         " is paid for twice by one holder");
  entry->second = token;
}

} // namespace gleaner::simulation
