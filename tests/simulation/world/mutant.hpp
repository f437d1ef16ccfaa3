#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gleaner::simulation {

/// Defects that can be put into a world, at its ports or into our scripts, to see that it finds
/// them.
enum class Mutant : std::uint8_t {
  none,
  unfenced_checkpoint, ///< Whoever wants may keep a page and extend the lock.
  unfenced_finish,     ///< Whoever wants may end a job.
  unfenced_release,    ///< Whoever wants may put a job back.
  take_unproved,       ///< A lock that ran out is regained whoever has had the job since.
  locks_ignored,       ///< The stalled check takes jobs whose lock is held.
  page_dropped,        ///< A page is acknowledged but not kept.
  ledger_of_anyone,    ///< A ledger is read whatever job it is of.
  ledger_left,         ///< The ledger stays when its job is completed.
  stalls_forgotten,    ///< No stall is ever counted, so poison is never found.
  nothing_reclaimed,   ///< What a lost answer gave is not handed out again.
  grants_forgotten,    ///< What one node was granted does not count for the others.
  budget_reopened,     ///< A budget that lost grants, or whose clock stepped, goes on at once.
  page_of_lost_job,    ///< A page is kept of a job that Redis has lost.
  lost_budget_trusted, ///< A budget that Redis has lost begins as if nothing had been sent.
  refusal_overheard,   ///< A lock is said to be renewed though Redis has refused to.
  slow_lease_clock,    ///< The clock of the leases is another than time.
  requests_repeated,   ///< A request goes out again after its lease is over.
  rename_before_sync,  ///< A file takes its place before its content is safe.
  sync_lies,           ///< A file that is said to be safe is not.
  folder_unsynced,     ///< A file's place is said to be safe and is not.
};

struct MutantName {
  Mutant mutant;
  const char* name;
};
const std::vector<MutantName>& mutants(); ///< All but `none`.

/// The script as the mutant has it, for most scripts the same.
std::string mutate(Mutant mutant, const std::string& script);

/// Whether the mutant is one of scripts.
bool changes_scripts(Mutant mutant);

} // namespace gleaner::simulation
