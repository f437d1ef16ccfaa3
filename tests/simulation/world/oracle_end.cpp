#include "core/domain.hpp"
#include "tests/simulation/world/contact_source.hpp"
#include "tests/simulation/world/oracle.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

/// The part of the oracle that looks at what there is in the end.
namespace gleaner::simulation {

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

/// Whoever listens hears of each end once, and of no other.
void Oracle::check_events() {
  std::map<std::string, std::size_t> ends;
  for (const auto& entry : redis_.look({"XRANGE", key("events"), "-", "+"}).items) {
    const auto& fields = entry.items[1].items;
    if (fields[1].text == "completed" || fields[1].text == "failed")
      ++ends[fields[3].text];
  }
  for (const auto& [id, job] : jobs_)
    if (const std::size_t count = job.place == "completed" || job.place == "failed";
        ends[id] != count)
      fail("job " + id + " is " + job.place + " and has ended " + std::to_string(ends[id]) +
           " times");
}

/// The file is made of the ledger alone: whoever writes it writes the same, but for the time of a
/// last page whose first copy reached Redis after the second.
void Oracle::check_copies(const std::string& id, const Job& job) {
  std::set<std::string> contents;
  for (const auto& [sender, run] : runs_)
    if (const auto content = run.disk->durable_content(collection_file_name(job.domain))) {
      check_collection(id, job, *content);
      auto json = nlohmann::json::parse(*content, nullptr, false);
      if (!json.is_object())
        continue; // torn, and told of
      if (job.pages_lost) {
        json.erase("collectedAt");
        json["metadata"].erase("processedAt");
      }
      contents.insert(json.dump());
    }
  if (contents.size() > 1 && swarm_.ledger)
    fail("job " + id + " has collections that differ");
}

void Oracle::check_end() {
  check_events();
  figures_.lost = lost_.size();
  for (const auto& [id, job] : lost_)
    check_copies(id, job);
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
    check_copies(id, job);
  }
}

} // namespace gleaner::simulation
