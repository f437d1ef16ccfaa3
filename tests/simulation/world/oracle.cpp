#include "tests/simulation/world/oracle.hpp"

#include "adapters/bullmq/scripts.hpp"
#include "core/domain.hpp"
#include "tests/simulation/world/contact_source.hpp"

#include <nlohmann/json.hpp>

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
  jobs_[id] = {domain, rows, ""};
}

void Oracle::disturb_all() {
  for (auto& [sender, run] : runs_)
    run.disturbed = true;
}

void Oracle::forget_what_redis_forgot() {
  std::erase_if(kept_, [this](const auto& page) {
    const auto* ledger = redis_.server().keys().get<Hash>(key(page.first + ":ledger"));
    const auto beginning = std::to_string(page.second) + '+';
    return !ledger ||
           std::none_of(ledger->fields().begin(), ledger->fields().end(),
                        [&](const auto& field) { return field.first.starts_with(beginning); });
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

/// Words: EVALSHA, which, 1, base, job, token, progress, lock ms, identity, life, page, content.
void Oracle::note_kept(const RedisHost::Words& words) {
  kept_.emplace(words.at(4), static_cast<std::uint32_t>(std::stoul(words.at(10))));
}

void Oracle::check_stalled(const redis::RedisValue& answer) {
  if (swarm_.holders_are_disturbed() || answer.items.size() < 2)
    return;
  if (!answer.items[0].items.empty() || !answer.items[1].items.empty())
    fail("a job stalled though nobody who held it came to harm");
}

void Oracle::after_command(std::uint64_t sender, const RedisHost::Words& words,
                           const redis::RedisValue& answer) {
  ++figures_.commands;
  if (answer.kind == redis::RedisValue::Kind::error && !answer.text.starts_with("NOSCRIPT"))
    fail("Redis answers " + answer.text);
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

void Oracle::check_collection(const std::string& id, const Job& job, const std::string& content) {
  const auto json = nlohmann::json::parse(content, nullptr, false);
  if (json.is_discarded())
    return fail("the collection of job " + id + " is torn");
  std::vector<std::string> found, expected;
  for (const auto& item : json["items"])
    found.push_back(item["email"]);
  for (std::size_t row = 0; row < job.rows; ++row)
    expected.push_back(ContactSource::address(job.domain, row));
  if (found != expected)
    fail("the collection of job " + id + " has " + std::to_string(found.size()) + " of " +
         std::to_string(expected.size()) + " contacts, or others");
}

void Oracle::on_request(std::uint64_t sender, const PageRequest& request) {
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
  const auto token = text_of({"GET", key(*id + ":lock")});
  const auto [entry, first] = paid_.try_emplace({*id, request.offset}, token);
  if (first)
    return;
  ++figures_.pages_again;
  // Who still holds the job has the page, or will get it.
  if (entry->second == token && swarm_.malformed == 0)
    fail("page " + std::to_string(request.offset) + " of job " + *id +
         " is paid for twice by one holder");
  entry->second = token;
}

bool Oracle::all_ended() {
  return std::all_of(jobs_.begin(), jobs_.end(), [](const auto& entry) {
    return entry.second.place == "completed" || entry.second.place == "failed";
  });
}

void Oracle::check_failure(const std::string& id) {
  const auto reason = text_of({"HGET", key(id), "failedReason"});
  const bool stalled = reason == "job stalled more than allowable limit";
  if (!stalled && !swarm_.api_fails())
    fail("job " + id + " failed: " + reason);
}

void Oracle::check_end() {
  for (const auto& [id, job] : jobs_) {
    if (job.place == "failed") {
      ++figures_.failed;
      check_failure(id);
      continue;
    }
    if (job.place != "completed") {
      if (swarm_.liveness)
        fail("job " + id + " has not ended: it is " + job.place);
      continue;
    }
    ++figures_.completed;
    const auto made = text_of({"HGET", key(id), "atm"});
    if (made != "1" && !swarm_.api_fails())
      fail("job " + id + " was completed at attempt " + made);
    for (const auto& [sender, run] : runs_)
      if (const auto content = run.disk->durable_content(collection_file_name(job.domain)))
        check_collection(id, job, *content);
  }
}

} // namespace gleaner::simulation
