#include "app/setting_kinds.hpp"
#include "app/setting_table.hpp"
#include "app/setting_values.hpp"

namespace gleaner {

using namespace setting_kinds;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

namespace {

/// A queue's name may hold no colon: clients split keys there.
bool is_queue_name(Text name) {
  return is_plain_name(name) && name.find(':') == Text::npos;
}

} // namespace

// NOLINTNEXTLINE(readability-function-size): a table
std::vector<Setting> queue_settings() {
  return {
    text(
      {"queue.name", "--queue", {"GLEANER_QUEUE"}, "BullMQ queue"},
      "a name without spaces and colons", [](Config & c) -> auto& { return c.queue.name; },
      is_queue_name),
    text(
      {"queue.prefix", "--prefix", {"GLEANER_PREFIX"}, "Prefix of the queue's keys"},
      "a name without spaces", [](Config & c) -> auto& { return c.queue.prefix; }, is_plain_name),
    text(
      {"queue.accept_version",
       "--accept-version",
       {},
       "Version in the queue's meta to work with although it is not of BullMQ 5 or 6"},
      "such as bullmq:4.18.2, or nothing",
      [](Config & c) -> auto& { return c.queue.accept_version; },
      [](Text version) { return version.empty() || is_plain_name(version); }),
    text(
      {"queue.worker_name", "--worker-name", {}, "Name in getWorkers() and `processedBy`"},
      "a name without spaces, or nothing", [](Config & c) -> auto& { return c.queue.worker_name; },
      [](Text name) { return name.empty() || is_plain_name(name); }),
    number(
      {"queue.concurrency", "--concurrency", {"GLEANER_CONCURRENCY"}, "Jobs at once"}, 1, 10000,
      [](Config & c) -> auto& { return c.queue.concurrency; }),
    duration(
      {"queue.lock_duration", "--lock-duration", {}, "Life of a job's lock"}, milliseconds{200},
      hours{1}, [](Config & c) -> auto& { return c.queue.lock_duration; }),
    duration(
      {"queue.stalled_interval",
       "--stalled-interval",
       {},
       "Pause between looks for jobs of dead workers"},
      milliseconds{200}, hours{1}, [](Config & c) -> auto& { return c.queue.stalled_interval; }),
    number(
      {"queue.max_stalled_count",
       "--max-stalled-count",
       {},
       "Times that a job may stall before it fails"},
      0, 1000, [](Config & c) -> auto& { return c.queue.max_stalled_count; }),
    duration(
      {"queue.reconcile_interval",
       "--reconcile-interval",
       {},
       "Pause between looks for what belongs to nothing; over REST at least 1 h"},
      milliseconds{200}, hours{24}, [](Config & c) -> auto& { return c.queue.reconcile_interval; }),
    toggle(
      {"queue.ledger",
       "--ledger",
       {},
       "Keep finished pages in Redis until their job has ended; off: a job that is taken again "
       "pays "
       "for all its pages again"},
      [](Config & c) -> auto& { return c.queue.ledger; }),
    duration(
      {"queue.ledger_ttl", "--ledger-ttl", {}, "Life of such pages after the last one"}, minutes{1},
      hours{24 * 366}, [](Config & c) -> auto& { return c.queue.ledger_ttl; }),
    make(
      {"queue.limiter",
       "--limiter",
       {},
       "BullMQ's limit of job starts, over all workers of the queue"},
      "one window such as 10/s or 2/1500ms, or off",
      [](Config & c) -> auto& { return c.queue.limiter; },
      [](Text value) {
        const auto windows = parse_limits(value);
        return windows && windows->size() > 1
                 ? Error{Errc::usage, "BullMQ's limiter has one window; keep one of them"}
                 : windows;
      },
      show_limits),
    duration(
      {"queue.drain_delay", "--drain-delay", {}, "Longest wait for work in one Redis call"},
      milliseconds{100}, minutes{1}, [](Config & c) -> auto& { return c.queue.drain_delay; }),
    number(
      {"queue.keep_completed",
       "--keep-completed",
       {},
       "Completed jobs kept when the job does not say; -1: all"},
      -1, 1000000000, [](Config & c) -> auto& { return c.queue.keep_completed; }),
    number(
      {"queue.keep_failed",
       "--keep-failed",
       {},
       "Failed jobs kept when the job does not say; -1: all"},
      -1, 1000000000, [](Config & c) -> auto& { return c.queue.keep_failed; }),
    number(
      {"queue.metrics_points",
       "--metrics-points",
       {},
       "Minutes of BullMQ's own charts that are kept; 0: off"},
      0, 1000000, [](Config & c) -> auto& { return c.queue.metrics_points; }),
  };
}

} // namespace gleaner
