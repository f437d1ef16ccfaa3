#pragma once

#include <string>
#include <vector>

namespace gleaner::test {

using Command = std::vector<std::string>;

/// What somebody else did to the queue; "@" stands for its base.
struct Damage {
  const char* name;
  std::vector<Command> commands;
};

inline const std::vector<Damage>& damages_of_a_job() {
  static const std::vector<Damage> all{
    {"its hash is gone", {{"DEL", "@bad"}}},
    {"its key is a text", {{"SET", "@bad", "x"}}},
    {"its key is a list", {{"DEL", "@bad"}, {"RPUSH", "@bad", "x"}}},
    {"its hash has nothing of a job", {{"DEL", "@bad"}, {"HSET", "@bad", "x", "1"}}},
    {"its id names the queue's own hash",
     {{"LREM", "@wait", "0", "bad"}, {"HSET", "@meta", "x", "1"}, {"RPUSH", "@wait", "meta"}}},
    {"a marker of BullMQ 4 stands there", {{"RPUSH", "@wait", "0:0"}}},
    {"data is no JSON", {{"HSET", "@bad", "data", "{"}}},
    {"data is a number", {{"HSET", "@bad", "data", "7"}}},
    {"opts is no JSON", {{"HSET", "@bad", "opts", "nonsense"}}},
    {"opts is a list", {{"HSET", "@bad", "opts", "[1,2]"}}},
    {"opts nest deep", {{"HSET", "@bad", "opts", std::string(500, '[') + std::string(500, ']')}}},
    {"its numbers are words",
     {{"HSET", "@bad", "priority", "high", "delay", "soon", "timestamp", "now", "atm", "many",
       "ats", "-", "stc", "x"}}},
    {"its numbers are absurd",
     {{"HSET", "@bad", "priority", "inf", "delay", "nan", "timestamp", "1e300", "atm", "-1e300",
       "ats", "1e300"}}},
    {"its numbers are none",
     {{"HSET", "@bad", "priority", "nan", "timestamp", "-nan", "atm", "nan", "attemptsMade", "nan",
       "ats", "nan", "stc", "nan", "stalledCounter", "-inf"}}},
    {"its options are absurd",
     {{"HSET", "@bad", "opts",
       R"({"attempts":-1e300,"stackTraceLimit":-1,"backoff":{"type":7,"delay":"x","jitter":1e300},)"
       R"("keepLogs":-1,"kl":"x","removeOnComplete":{"age":-1e300,"count":-5,"limit":-1},)"
       R"("removeOnFail":{"age":"x","count":1e300,"limit":1e300}})"}}},
    {"its options are of other types",
     {{"HSET", "@bad", "opts",
       R"({"attempts":{},"stackTraceLimit":"x","backoff":[1],"kl":{},"removeOnComplete":"x",)"
       R"("removeOnFail":[],"lifo":"x","fpof":7,"repeat":"x"})"}}},
    {"its stack trace is no list", {{"HSET", "@bad", "stacktrace", R"({"a":[1]})"}}},
    {"its lock is a list", {{"RPUSH", "@bad:lock", "x"}}},
    {"its log is a text", {{"SET", "@bad:logs", "x"}}},
    {"its dependencies are a text", {{"SET", "@bad:dependencies", "x"}}},
    {"its failures are a text", {{"SET", "@bad:unsuccessful", "x"}, {"SET", "@bad:failed", "x"}}},
    {"its parent is gone", {{"HSET", "@bad", "parentKey", "@none"}}},
    {"its parent is no job", {{"HSET", "@bad", "parentKey", "@wait"}}},
    {"its parent's key is a text",
     {{"HSET", "@bad", "parentKey", "other:p"}, {"SET", "other:p", "x"}}},
    {"its parent is no JSON", {{"HSET", "@bad", "parentKey", "@none", "parent", "{"}}},
    {"its parent is in no queue", {{"HSET", "@bad", "parentKey", "p", "parent", "[]"}}},
    {"its parent's dependencies are a text",
     {{"HSET", "@bad", "parentKey", "@p"}, {"SET", "@p:dependencies", "x"}}},
    {"its parent's results are a text",
     {{"HSET", "@p", "name", "p"},
      {"ZADD", "@waiting-children", "1", "p"},
      {"HSET", "@bad", "parentKey", "@p", "parent",
       R"({"id":"p","queueKey":"bull:q","fpof":true})"},
      {"SADD", "@p:dependencies", "@bad"},
      {"SET", "@p:processed", "x"},
      {"SET", "@p:unsuccessful", "x"}}},
    {"its parent's queue is something else",
     {{"HSET", "@bad", "parentKey", "other:q:p"},
      {"SADD", "other:q:p:dependencies", "@bad"},
      {"SET", "other:q:waiting-children", "x"}}},
    {"its deduplication key is a list", {{"HSET", "@bad", "deid", "d"}, {"RPUSH", "@de:d", "x"}}},
    {"what deduplication kept back is a text",
     {{"HSET", "@bad", "deid", "d"}, {"SET", "@de:d", "bad"}, {"SET", "@dn:d", "x"}}},
    {"what deduplication kept back is nonsense",
     {{"HSET", "@bad", "deid", "d"}, {"SET", "@de:d", "bad"}, {"HSET", "@dn:d", "opts", "{"}}},
    {"its scheduler's record is a text", {{"HSET", "@bad", "rjk", "s"}, {"SET", "@repeat:s", "x"}}},
  };
  return all;
}

inline const std::vector<Damage>& damages_of_the_queue() {
  static const std::vector<Damage> all{
    {"the limiter is a list", {{"RPUSH", "@limiter", "x"}}},
    {"the limiter is a word", {{"SET", "@limiter", "x"}}},
    {"the limiter has no end", {{"SET", "@limiter", "3"}}},
    {"limits are words", {{"HSET", "@meta", "max", "x", "duration", "y", "concurrency", "z"}}},
    {"limits are absurd", {{"HSET", "@meta", "max", "1000", "duration", "1e300"}}},
    {"limits are none", {{"HSET", "@meta", "max", "nan", "duration", "nan", "concurrency", "nan"}}},
    {"limits are negative",
     {{"HSET", "@meta", "max", "-5", "duration", "-5", "concurrency", "-1"}}},
    {"the length of events is a word", {{"HSET", "@meta", "opts.maxLenEvents", "x"}}},
    {"the length of events is absurd", {{"HSET", "@meta", "opts.maxLenEvents", "1e300"}}},
    {"events are a text", {{"SET", "@events", "x"}}},
    {"charts are a text",
     {{"SET", "@metrics:completed", "x"}, {"SET", "@metrics:failed:data", "x"}}},
    {"the length of events is none", {{"HSET", "@meta", "opts.maxLenEvents", "nan"}}},
    {"charts hold words", {{"HSET", "@metrics:completed", "count", "x", "prevTS", "y"}}},
    {"charts hold absurd numbers",
     {{"HSET", "@metrics:completed", "count", "1e300", "prevTS", "-1e300", "prevCount", "nan"},
      {"HSET", "@metrics:failed", "count", "-1e300", "prevTS", "nan", "prevCount", "inf"}}},
    {"the counter of priorities is a list", {{"RPUSH", "@pc", "0"}}},
    {"suspects are a text", {{"SET", "@stalled", "0"}}},
    {"ended jobs are no jobs",
     {{"ZADD", "@completed", "1", "meta"}, {"ZADD", "@failed", "1", "nobody"}}},
    {"a delayed job is due before time began",
     {{"LREM", "@wait", "0", "bad"}, {"ZADD", "@delayed", "-1e300", "bad"}}},
    {"a delayed job is due never",
     {{"LREM", "@wait", "0", "bad"}, {"ZADD", "@delayed", "inf", "bad"}}},
  };
  return all;
}

} // namespace gleaner::test
