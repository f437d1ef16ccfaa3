#include "adapters/bullmq/script_answer.hpp"

namespace gleaner::bullmq {

using redis::RedisValue;

std::optional<Error> refusal_in(const RedisValue& value) {
  if (value.kind != RedisValue::Kind::integer || value.integer >= 0)
    return std::nullopt;
  switch (value.integer) {
  case -1:
    return Error{Errc::job_missing, "the job is gone"};
  case -2:
    return Error{Errc::lock_lost, "the job's lock is gone"};
  case -3:
    return Error{Errc::job_not_active, "the job is not active"};
  case -4:
    return Error{Errc::job_has_children, "the job has unfinished children"};
  case -6:
    return Error{Errc::lock_lost, "another worker holds the job's lock"};
  case -9:
    return Error{Errc::job_children_failed, "a child of the job failed"};
  default:
    return Error{Errc::internal, "script answered " + std::to_string(value.integer)};
  }
}

std::vector<JobId> read_ids(const RedisValue& value) {
  std::vector<JobId> ids;
  for (const auto& item : value.items)
    ids.push_back(item.text);
  return ids;
}

} // namespace gleaner::bullmq
