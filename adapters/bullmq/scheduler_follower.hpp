#pragma once

#include "adapters/bullmq/scripts.hpp"
#include "core/error.hpp"
#include "core/job.hpp"
#include "core/log.hpp"

#include <set>
#include <string>

namespace gleaner::bullmq {

/// Keeps job schedulers going: BullMQ leaves it to the worker that takes a scheduler's job to add
/// the next one. Used on the client's I/O thread only.
class SchedulerFollower {
public:
  /// `client` and `log` outlive the follower, and it all replies.
  SchedulerFollower(redis::CommandPort& client, const QueueKeys& keys, EventLog& log)
      : scripts_(client, keys), log_(log) {}

  /// Adds what comes after `job`, if it was made by a scheduler. A scheduler that can't go on is
  /// logged once; its job runs all the same.
  void follow(const TakenJob& job);

private:
  void go_on(const TakenJob& job, const redis::RedisValue& schedule);
  void complain(const std::string& scheduler, const Error& error);

  ScriptRunner scripts_;
  EventLog& log_;
  std::set<std::string> complained_;
};

} // namespace gleaner::bullmq
