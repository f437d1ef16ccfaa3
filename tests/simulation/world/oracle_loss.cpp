#include "tests/simulation/world/oracle.hpp"

#include <cstdlib>
#include <utility>

/// The part of the oracle that knows what Redis has lost.
namespace gleaner::simulation {

void Oracle::excuse_leases(std::chrono::milliseconds span) {
  excused_until_ = timeline_.now() + span;
  for (auto& [id, job] : jobs_)
    job.sure_lock = text_of({"GET", key(id + ":lock")});
}

bool Oracle::is_in_redis(const std::string& id, const Job& job) {
  return text_of({"HGET", key(id), "data"}) == R"({"domain":")" + job.domain + R"("})";
}

void Oracle::adopt(const std::string& id, Job job) {
  std::size_t places = 0;
  job.place = find_place(id, places);
  if (places != 1)
    fail("job " + id + " is in " + std::to_string(places) + " places of what Redis still has");
  job.holder.reset();
  job.stalls = static_cast<std::size_t>(std::atoi(text_of({"HGET", key(id), "stc"}).c_str()));
  const auto* ledger = redis_.server().keys().get<Hash>(key(id + ":ledger"));
  const auto* owner = ledger ? ledger->find("job") : nullptr;
  const auto forgotten = std::erase_if(kept_, [&](const auto& entry) {
    const auto& [page, identity] = entry;
    const bool kept = owner && *owner == identity && ledger->find(std::to_string(page.second));
    return page.first == job.domain && !kept;
  });
  // The ledger of a job that is completed is to be gone; a later loss may show that it was needed.
  job.ledger_unseen = job.ledger_unseen || forgotten > 0;
  job.pages_lost = job.pages_lost || (job.ledger_unseen && job.place != "completed");
  jobs_[id] = std::move(job);
}

void Oracle::forget_what_redis_forgot() {
  note_lost_permits();
  auto known = std::exchange(lost_, {});
  for (auto& [id, job] : std::exchange(jobs_, {}))
    known.emplace_back(id, std::move(job));
  for (auto& [id, job] : known) {
    if (is_in_redis(id, job)) {
      adopt(id, std::move(job));
      continue;
    }
    std::erase_if(kept_, [&](const auto& entry) { return entry.first.first == job.domain; });
    job.pages_lost = true;
    lost_.emplace_back(id, std::move(job));
  }
}

/// Nobody writes for a job that is gone, so of one whose id is free nothing is left.
void Oracle::check_lost_jobs() {
  for (const auto& [id, job] : lost_) {
    if (jobs_.contains(id))
      continue;
    std::size_t places = 0;
    const auto place = find_place(id, places);
    if (places > 0)
      fail("job " + id + ", which Redis has lost, is in " + place);
    for (const auto* suffix : {"", ":lock", ":ledger", ":logs"})
      if (redis_.server().keys().find(key(id + suffix)) != nullptr)
        fail("somebody has written " + id + suffix + ", though Redis has lost the job");
  }
}

} // namespace gleaner::simulation
