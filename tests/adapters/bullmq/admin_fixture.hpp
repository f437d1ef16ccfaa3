#pragma once

#include "adapters/bullmq/queue_admin.hpp"
#include "tests/adapters/bullmq/queue_fixture.hpp"

namespace gleaner::test {

/// A queue, and an operator at it.
struct AdminFixture : QueueFixture {
  bullmq::QueueAdmin admin{client, {"bull", "q"}};

  template <class T>
  T must(Result<T> result) {
    if (!result)
      BOOST_FAIL(result.error().detail);
    return std::move(*result);
  }
  void add_ended(const std::string& state, const std::string& id, const std::string& ended_ms) {
    put_job(id);
    redis({"HSET", key(id), "finishedOn", ended_ms, "processedOn", "1", "atm", "3", "ats", "3",
           "failedReason", "broken", "returnvalue", "null"});
    redis({"ZADD", key(state), ended_ms, id});
  }
  void add_delayed(const std::string& id, const std::string& score = "9999999999999999") {
    put_job(id);
    redis({"HSET", key(id), "delay", "5000"});
    redis({"ZADD", key("delayed"), score, id});
  }
};

} // namespace gleaner::test
