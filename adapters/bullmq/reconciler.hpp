#pragma once

#include "adapters/bullmq/scripts.hpp"
#include "core/ports/job_queue.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace gleaner::bullmq {

/// Walks over the keys of a queue, a part in each pass, and puts right what belongs to nothing:
/// jobs in no structure, ledgers and locks without a job, ids without a job in the sorted sets.
/// Keys that are not certainly of the queue stay as they are.
class Reconciler {
public:
  /// `client` outlives the reconciler and all replies.
  Reconciler(redis::CommandPort& client, const QueueKeys& keys);

  /// Suspects of the passes before are repaired unless they are in their place by now, then the
  /// walk goes on. What is repaired in a pass that breaks is reported by the next one.
  /// @pre the reply to the pass before has come; the time since is what suspects are given
  void pass(Reply<Reconciliation> reply);

private:
  /// A key met on the walk.
  struct Met {
    const char* kind; ///< job, ledger, lock
    JobId id;
  };
  using Read = void (Reconciler::*)(const redis::RedisValue& answer);

  /// Sends one command after the other until the pass is over.
  void go_on();
  void repair();
  void look();
  void scan();
  void drop_ghosts();

  void read_repair(const redis::RedisValue& answer);
  void read_scan(const redis::RedisValue& answer);
  void read_ghosts(const redis::RedisValue& answer);
  void count(const redis::RedisValue& answer);
  redis::RedisReply then(Read read);

  redis::CommandPort& client_;
  ScriptRunner scripts_;
  std::string base_;
  std::string pattern_;            ///< Of the queue's keys.
  std::string cursor_ = "0";       ///< Of the walk over the keys.
  std::int64_t ghost_set_ = 0;     ///< Place of the walk over the sorted sets.
  std::string ghost_cursor_ = "0"; ///< And in the one at hand.
  std::set<JobId> suspects_;       ///< Found in no structure so far.
  std::vector<JobId> to_repair_;   ///< Those of the passes before that are still to be decided.
  std::vector<Met> to_look_at_;
  std::uint32_t scans_left_ = 0;
  bool ghosts_due_ = false;
  Reconciliation found_;
  Reply<Reconciliation> reply_;
};

} // namespace gleaner::bullmq
