#include "tests/simulation/world/oracle.hpp"

#include "adapters/bullmq/scripts.hpp"
#include "core/domain.hpp"

#include <algorithm>
#include <utility>

namespace gleaner::simulation {

namespace {

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
  Job job;
  job.domain = domain;
  job.rows = rows;
  jobs_[id] = std::move(job);
}

void Oracle::disturb_all() {
  for (auto& [sender, run] : runs_)
    run.disturbed = true;
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
  if (words.size() > 9 && words[3].starts_with("gleaner:budget:"))
    hear_of_lost_permits(words);
  for (auto& [id, job] : jobs_) {
    job.lock = lock_of(id);
    if (!job.lock.empty())
      job.holder = job.lock;
  }
}

std::string Oracle::lock_of(const std::string& id) {
  const auto* lock = redis_.server().keys().get<std::string>(key(id + ":lock"));
  return lock ? *lock : std::string{};
}

/// Whoever has taken a job has it until the job is put back, ends, or is taken again.
void Oracle::note_holders(bool taken_from_the_dead) {
  for (auto& [id, job] : jobs_) {
    const auto lock = lock_of(id);
    const bool given_up = job.place != "active" || (taken_from_the_dead && !job.lock.empty());
    if (lock.empty() && !given_up)
      continue;
    if (job.holder && *job.holder != lock)
      given_up_.insert(*job.holder);
    job.holder = lock;
  }
}

/// Words: EVALSHA, which, 1, base, job, token and what else the script wants.
void Oracle::check_fence(const RedisHost::Words& words, const redis::RedisValue& answer) {
  static constexpr const char* fenced[] = {"finish", "retry",    "release",    "park",
                                           "log",    "progress", "checkpoint", "ledger"};
  constexpr std::int64_t lock_gone = -2, lock_of_another = -6;
  const bool refused = answer.kind == redis::RedisValue::Kind::integer && answer.integer < 0;
  if (answer.kind == redis::RedisValue::Kind::error)
    return;
  for (const auto* name : fenced)
    if (is_script(words, name)) {
      if (refused && (answer.integer == lock_gone || answer.integer == lock_of_another))
        given_up_.insert(words.at(5)); // so its owner hears
      if (refused)
        return;
      const auto job = jobs_.find(words.at(4));
      if (job == jobs_.end() || job->second.holder.value_or(words.at(5)) != words.at(5))
        return fail(std::string{name} + " of job " + words[4] + " by none who has it");
      job->second.shown_lock = words[5];
    }
}

/// Words behind the token: lock ms, identity, life, page, content, progress.
void Oracle::note_kept(const RedisHost::Words& words) {
  const auto offset = static_cast<std::uint32_t>(std::stoul(words.at(9)));
  const auto job = jobs_.find(words.at(4));
  if (job == jobs_.end())
    return;
  if (swarm_.ledger)
    kept_[{job->second.domain, offset}] = words.at(7);
  job->second.stalls = 0;
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
    if (jobs_.at(id.text).stalls <= most_stalls)
      fail("job " + id.text + " fails after too few stalls");
}

void Oracle::after_command(std::uint64_t sender, const RedisHost::Words& words,
                           const redis::RedisValue& answer) {
  ++figures_.commands;
  check_answer(answer);
  check_fence(words, answer);
  if (is_script(words, "checkpoint") && answer.integer > 0)
    note_kept(words);
  if (is_script(words, "stalled"))
    check_stalled(answer);
  check_places(sender);
  note_holders(is_script(words, "orphan"));
  check_lost_jobs();
}

/// An error only where Redis is made to have one.
void Oracle::check_answer(const redis::RedisValue& answer) {
  static const std::map<Refusal, std::string> words{{Refusal::none, "NOSCRIPT"},
                                                    {Refusal::out_of_memory, "OOM"},
                                                    {Refusal::read_only, "READONLY"},
                                                    {Refusal::disk_fails, "MISCONF"}};
  if (answer.kind == redis::RedisValue::Kind::error && !answer.text.starts_with("NOSCRIPT") &&
      !answer.text.starts_with(words.at(redis_.server().refusal())))
    fail("Redis answers " + answer.text);
}

/// Each job in one.
void Oracle::check_places(std::uint64_t sender) {
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

/// "" when it is another's.
std::string Oracle::own_lock(std::uint64_t sender, const std::string& id) {
  auto lock = text_of({"GET", key(id + ":lock")});
  return lock.starts_with(runs_.at(sender).token_seed + ":") ? lock : std::string{};
}

bool Oracle::is_sure(const std::string& lock, const Job& job) const {
  // A replica that lags may bring one back that its owner has long given up.
  return !lock.empty() && !given_up_.contains(lock) &&
         (timeline_.now() >= excused_until_ || lock == job.sure_lock);
}

void Oracle::on_request(std::uint64_t sender, const PageRequest& request) {
  check_pace();
  const bool excused = timeline_.now() < excused_until_;
  const auto* id = job_of(request.domain);
  if (!id) {
    if (!excused)
      fail("a request for a job of " + request.domain + " that Redis has lost");
    return;
  }
  const auto& job = jobs_.at(*id);
  const auto lock = own_lock(sender, *id);
  asked_[{sender, {request.domain, request.offset}}].push_back(lock);
  if (lock.empty() && !excused)
    fail("a request for job " + *id + " whose lock is '" + text_of({"GET", key(*id + ":lock")}) +
         "'");
  const bool knows_ledger = is_sure(lock, job) || (!lock.empty() && lock == job.shown_lock);
  if (knows_ledger && kept_.contains({request.domain, request.offset}))
    fail("page " + std::to_string(request.offset) + " of job " + *id +
         " is asked for though it is kept");
}

void Oracle::on_page(std::uint64_t sender, const PageRequest& request) {
  ++figures_.pages_served;
  const auto* id = job_of(request.domain);
  auto token = id ? own_lock(sender, *id) : std::string{};
  auto& asked = asked_[{sender, {request.domain, request.offset}}];
  const auto under = asked.empty() ? std::string{} : asked.front();
  if (!asked.empty())
    asked.pop_front();
  if (token != under || (id && !is_sure(token, jobs_.at(*id))))
    token.clear(); // it may be for an earlier lock of the same process
  const auto [entry, first] = paid_.try_emplace({request.domain, request.offset}, token);
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
