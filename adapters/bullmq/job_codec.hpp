#pragma once

#include "adapters/redis/redis_value.hpp"
#include "core/job.hpp"
#include "core/progress.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gleaner::bullmq {

/// A job as lua/taking.lua describes it. Never fails: a job that can't be collected carries its
/// refusal.
TakenJob read_job(const redis::RedisValue& description);

/// An answer of lua/taking.lua's take_asked.
TakeResult read_take(const redis::RedisValue& answer);

/// What a job's data says.
struct JobData {
  std::string domain;
  std::string key_name; ///< `keyName`
  std::string tenant;
  bool refresh = false;
  std::optional<std::string> refusal; ///< Why it can't be collected; quotes up to 60 characters.
};
JobData read_data(std::string_view data);

/// BullMQ's stored options, tolerant of members that are unknown or of a wrong type.
void read_options(std::string_view opts, TakenJob& job);

/// The job's progress object as the users of the Node worker know it.
std::string to_json(const Progress& progress);

/// The job's return value, likewise.
std::string to_json(const JobResult& result);

} // namespace gleaner::bullmq
