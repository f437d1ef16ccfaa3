#include "tests/simulation/world/mutant.hpp"

namespace gleaner::simulation {

namespace {

/// In the script that has `beginning`, what comes first after that.
struct Patch {
  Mutant mutant;
  std::string_view beginning;
  std::string_view original;
  std::string_view replacement;
};

constexpr std::string_view token_compare = "check_lock(id, ARGV[2])";
constexpr std::string_view holder_compare = "check_holder(id, ARGV[2])"; // of a job that is there

constexpr Patch patches[] = {
  {Mutant::unfenced_checkpoint, "-- Keeps a finished page,", holder_compare, "0"},
  {Mutant::unfenced_finish, "-- Ends a job for good,", holder_compare, "0"},
  {Mutant::unfenced_release, "-- Puts a held job back", token_compare, "0"},
  {Mutant::take_unproved, "-- Only the holder",
   "call('HGET', job_key(id), 'processedOn') ~= taken_on or not is_active(id)", "false"},
  {Mutant::locks_ignored, "-- Looks for jobs of dead workers",
   "call('EXISTS', key .. ':lock') == 1 or ", ""},
  {Mutant::page_dropped, "-- Keeps a finished page,", ", ARGV[6], ARGV[7])", ")"},
  {Mutant::ledger_of_anyone, "-- What is kept of a job's pages",
   "try('HGET', ledger, 'job') == ARGV[3] and ", ""},
  {Mutant::ledger_left, "-- Ends a job for good,", "call('DEL', key .. ':ledger')", ""},
  {Mutant::stalls_forgotten, "-- Looks for jobs of dead workers",
   "call('HSET', key, 'stc', digits(stalls), 'stalledCounter', digits(stalls))", ""},
  {Mutant::nothing_reclaimed, "-- Hands out jobs again", "call('LRANGE', base .. 'active', 0, -1)",
   "{}"},
  {Mutant::grants_forgotten, "-- An exchange: reports change", "call('RPUSH', grants, digits(at))",
   ""},
  {Mutant::budget_reopened, "-- An exchange: reports change",
   "  hold_until(now + math.max(longest, probation))\n", ""},
  {Mutant::page_of_lost_job, "-- Keeps a finished page,", "or -1\n", "or 0\njob = job or {}\n"},
  {Mutant::lost_budget_trusted, "-- An exchange: reports change",
   "(known ~= generation or known_count > kept.count)",
   "known == generation and known_count > kept.count"},
  {Mutant::refusal_overheard, "-- Extends locks.", "call('SET', job_key", "try('SET', job_key"},
};

} // namespace

const std::vector<MutantName>& mutants() {
  static const std::vector<MutantName> all{{Mutant::unfenced_checkpoint, "unfenced_checkpoint"},
                                           {Mutant::unfenced_finish, "unfenced_finish"},
                                           {Mutant::unfenced_release, "unfenced_release"},
                                           {Mutant::take_unproved, "take_unproved"},
                                           {Mutant::locks_ignored, "locks_ignored"},
                                           {Mutant::page_dropped, "page_dropped"},
                                           {Mutant::ledger_of_anyone, "ledger_of_anyone"},
                                           {Mutant::ledger_left, "ledger_left"},
                                           {Mutant::stalls_forgotten, "stalls_forgotten"},
                                           {Mutant::nothing_reclaimed, "nothing_reclaimed"},
                                           {Mutant::grants_forgotten, "grants_forgotten"},
                                           {Mutant::budget_reopened, "budget_reopened"},
                                           {Mutant::page_of_lost_job, "page_of_lost_job"},
                                           {Mutant::lost_budget_trusted, "lost_budget_trusted"},
                                           {Mutant::refusal_overheard, "refusal_overheard"},
                                           {Mutant::slow_lease_clock, "slow_lease_clock"},
                                           {Mutant::requests_repeated, "requests_repeated"},
                                           {Mutant::rename_before_sync, "rename_before_sync"},
                                           {Mutant::sync_lies, "sync_lies"},
                                           {Mutant::folder_unsynced, "folder_unsynced"}};
  return all;
}

std::string mutate(Mutant mutant, const std::string& script) {
  auto mutated = script;
  for (const auto& patch : patches) {
    const auto begin = script.find(patch.beginning);
    if (patch.mutant != mutant || begin == std::string::npos)
      continue;
    if (const auto at = script.find(patch.original, begin); at != std::string::npos)
      mutated.replace(at, patch.original.size(), patch.replacement);
  }
  return mutated;
}

bool changes_scripts(Mutant mutant) {
  for (const auto& patch : patches)
    if (patch.mutant == mutant)
      return true;
  return false;
}

} // namespace gleaner::simulation
