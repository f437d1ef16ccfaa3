#include "actors/job_coordinator.hpp"
#include "messages/registry.hpp"

#include <array>
#include <span>

/// The part of JobCoordinator that tells and counts what became of jobs.
namespace gleaner {

/// Tells of a job: which one it is, its try and its trace come first, then `fields`.
void JobCoordinatorState::report(LogLevel level, std::string_view code, std::string_view message,
                                 const Held& held, EventLog::Fields fields) {
  if (!deps->log->enabled(level))
    return;
  const auto& job = held.run.job();
  std::array<LogField, 12> all; // no allocation for each job that ends; `fields` are five at most
  std::size_t count = 0;
  const auto add = [&](const LogField& field) { all[count++] = field; };
  const auto context = held.context();
  const auto trace_id = context.sampled ? trace_id_text(context) : std::string{};
  const auto span_id = context.sampled ? span_id_text(context.span_id) : std::string{};
  add({"job_id", job.lock.job_id});
  add({"domain", job.domain});
  add({"attempt", static_cast<std::int64_t>(job.attempts_made + 1)});
  if (context.sampled) {
    add({"trace_id", trace_id});
    add({"span_id", span_id});
  }
  for (const auto& field : fields)
    add(field);
  deps->log->write(level, code, message, std::span{all}.first(count));
}

/// What went wrong with a job's page, by the code of its kind.
void JobCoordinatorState::tell(std::string_view code, const Held& held, std::uint32_t offset,
                               const Error& error) {
  report(LogLevel::warn, code, describe(error), held,
         {{"page", page_number(held, offset)}, {"err", to_string(error.code)}});
}

/// From 1, as people count.
std::int64_t JobCoordinatorState::page_number(const Held& held, std::uint32_t offset) const {
  return 1 + offset / keys_.at(held.key).limits.page_size;
}

void JobCoordinatorState::count_end(const Held& held, const JobEnd& outcome) {
  const std::chrono::duration<double> took = self->clock().now() - held.since;
  const auto took_ms = static_cast<std::int64_t>(took.count() * 1000);
  auto& metrics = *deps->jobs;
  if (outcome.kind == JobEnd::Kind::completed) {
    metrics.completed.Increment();
    metrics.duration_completed.Observe(took.count());
    if (outcome.result.fresh)
      return report(LogLevel::info, "job.fresh",
                    "a recent collection is there: nothing was asked for", held);
    metrics.pages.Observe(held.run.pages_fetched());
    deps->contacts->stored.Increment(outcome.result.items_collected);
    deps->contacts->duplicate.Increment(held.run.duplicates());
    report(LogLevel::info, "job.completed", "stored a collection", held,
           {{"contacts", static_cast<std::int64_t>(outcome.result.items_collected)},
            {"pages", static_cast<std::int64_t>(held.run.pages_fetched())},
            {"duration_ms", took_ms}});
    return;
  }
  const bool final = outcome.kind == JobEnd::Kind::failed;
  (final ? metrics.failed : metrics.retried).Increment();
  if (final)
    metrics.duration_failed.Observe(took.count());
  report(LogLevel::warn, final ? "job.failed" : "job.retried",
         final ? "failed for good" : "failed, will be tried again", held,
         {{"delay_ms", static_cast<std::int64_t>(outcome.delay.count())},
          {"err", outcome.failed_reason}});
}

void JobCoordinatorState::count_failure(const Held& held, FailureReason reason,
                                        const Error& error) {
  deps->jobs->count_failure(reason);
  if (reason == FailureReason::bad_data)
    report(LogLevel::warn, "job.bad_data", describe(error), held, {{"err", to_string(error.code)}});
  if (reason != FailureReason::poison)
    return;
  deps->jobs->poisoned.Increment();
  report(LogLevel::error, "job.poison", "failed: whoever takes it dies", held);
}

/// The collection of a job that was removed while it was being stored is the domain's all the same:
/// it stays.
void JobCoordinatorState::report_not_ended(const Held& held, const Error& error) {
  const bool gone = error.code == Errc::job_missing || error.code == Errc::job_not_active;
  if (!held.stored || !gone)
    return report(LogLevel::warn, "job.lock_lost", "the job was no longer ours to end", held,
                  {{"err", describe(error)}});
  deps->jobs->orphans.Increment();
  report(LogLevel::warn, "job.orphaned", "stored a collection, but the job was gone by then", held,
         {{"err", describe(error)}});
}

} // namespace gleaner
