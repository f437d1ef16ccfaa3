#pragma once

#include "core/api_answer.hpp"
#include "core/collection.hpp"
#include "core/error.hpp"
#include "core/job.hpp"
#include "core/ledger.hpp"
#include "core/normalized_page.hpp"
#include "core/permit.hpp"
#include "core/ports/budget.hpp"
#include "core/progress.hpp"
#include "core/shared_body.hpp"
#include "core/trace_context.hpp"

#include <caf/error.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/sec.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

/// How the values of core/ travel inside messages. What CAF can't serialise itself (durations,
/// optionals of structs, shared buffers) is written here by hand, once per type.
namespace gleaner {

/// Lets a std::optional travel, which CAF 0.17 does not know: a flag, then the value.
template <class T>
struct OptionalField {
  std::optional<T>& target;
};
template <class T>
OptionalField<T> optional_field(std::optional<T>& target) {
  return {target};
}
template <class Inspector, class T>
typename Inspector::result_type inspect(Inspector& f, OptionalField<T>& x) {
  bool present = x.target.has_value();
  T value{};
  if (present)
    value = *x.target;
  auto take = [&]() -> caf::error {
    x.target = present ? std::optional<T>{std::move(value)} : std::nullopt;
    return caf::none;
  };
  return f(present, value, caf::meta::load_callback(take));
}

/// A time of the actors' clock. It means something only within its process; another one's counts
/// as over.
using SteadyTime = std::chrono::steady_clock::time_point;

struct SteadyField {
  SteadyTime& target;
};
inline SteadyField steady_field(SteadyTime& target) {
  return {target};
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, SteadyField& x) {
  auto count = static_cast<std::int64_t>(x.target.time_since_epoch().count());
  auto take = [&]() -> caf::error {
    x.target = SteadyTime{SteadyTime::duration{count}};
    return caf::none;
  };
  return f(count, caf::meta::load_callback(take));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, TraceContext& x) {
  return f(caf::meta::type_name("TraceContext"), x.trace_high, x.trace_low, x.span_id, x.sampled);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Error& x) {
  return f(caf::meta::type_name("Error"), x.code, x.detail);
}

/// A buffer is copied only when it crosses the network.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, SharedBody& x) {
  std::string text;
  if constexpr (Inspector::reads_state)
    text = std::string{x.view()};
  auto take = [&]() -> caf::error {
    x = SharedBody{std::move(text)};
    return caf::none;
  };
  return f(caf::meta::type_name("SharedBody"), text, caf::meta::load_callback(take));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Permit& x) {
  return f(caf::meta::type_name("Permit"), x.at_ms, x.number, x.probe);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CreditState& x) {
  return f(caf::meta::type_name("CreditState"), x.spent_today, x.spent_this_month, x.reserved,
           x.account_read, optional_field(x.remaining), x.stop, x.stop_for);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, BudgetAnswer& x) {
  return f(caf::meta::type_name("BudgetAnswer"), x.now_ms, x.mark.generation, x.mark.count,
           x.permits, x.next, x.closed, x.share, x.credits);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobLock& x) {
  return f(caf::meta::type_name("JobLock"), x.job_id, x.token);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Renewal& x) {
  return f(caf::meta::type_name("Renewal"), x.lost, x.now_ms);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, StalledJobs& x) {
  return f(caf::meta::type_name("StalledJobs"), x.requeued, x.failed);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, LedgerPage& x) {
  return f(caf::meta::type_name("LedgerPage"), x.offset, x.limit, x.packed);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Ledger& x) {
  return f(caf::meta::type_name("Ledger"), x.pages, x.at_ms);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RetryPolicy& x) {
  return f(caf::meta::type_name("RetryPolicy"), x.attempts, x.kind, x.delay, x.jitter, x.kind_name);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, KeepJobs& x) {
  return f(caf::meta::type_name("KeepJobs"), optional_field(x.count), optional_field(x.age_seconds),
           optional_field(x.limit));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, TakenJob& x) {
  return f(caf::meta::type_name("TakenJob"), x.lock, x.name, x.scheduler, x.domain, x.key_name,
           x.tenant, x.refresh, optional_field(x.refusal), x.refusal_reason, x.attempts_made,
           x.options_readable, x.retry, optional_field(x.keep_completed),
           optional_field(x.keep_failed), optional_field(x.stack_trace_limit), x.timestamp_ms,
           x.processed_on_ms, x.ledger_pages, x.start_shown, x.priority, x.trace);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Reconciliation& x) {
  return f(caf::meta::type_name("Reconciliation"), x.jobs, x.finished_jobs, x.ledgers, x.locks,
           x.ghosts);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, TakeResult& x) {
  return f(caf::meta::type_name("TakeResult"), x.jobs, optional_field(x.rate_limited_for),
           optional_field(x.next_delayed_in));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Progress& x) {
  return f(caf::meta::type_name("Progress"), x.status, x.domain, x.page, x.collected, x.total,
           x.percent, x.items_saved, x.backoff, x.fresh, x.error, x.code);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobResult& x) {
  return f(caf::meta::type_name("JobResult"), x.domain, x.items_collected, x.total, x.collected_at,
           x.truncated, x.fresh);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobEnd& x) {
  return f(caf::meta::type_name("JobEnd"), x.kind, x.result, x.failed_reason, x.delay,
           optional_field(x.progress));
}

/// Bytes that are no contacts are refused.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ContactList& x) {
  std::string bytes;
  auto count = static_cast<std::uint32_t>(x.size());
  if constexpr (Inspector::reads_state)
    bytes = x.bytes();
  auto take = [&]() -> caf::error {
    auto contacts = ContactList::from_bytes(std::move(bytes), count);
    if (!contacts)
      return caf::sec::invalid_argument;
    x = std::move(*contacts);
    return caf::none;
  };
  return f(caf::meta::type_name("ContactList"), count, bytes, caf::meta::load_callback(take));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PageHeader& x) {
  return f(caf::meta::type_name("PageHeader"), x.total, x.rows, x.organization, x.pattern,
           x.accept_all, x.webmail, x.disposable);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, NormalizedPage& x) {
  return f(caf::meta::type_name("NormalizedPage"), x.header, x.contacts, x.rejected);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Collection::Metadata& x) {
  return f(caf::meta::type_name("Metadata"), x.job_id, x.processed_at, x.truncated, x.pages,
           x.duplicates, x.rejected, x.organization, x.pattern, x.accept_all, x.webmail,
           x.disposable);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CollectionInfo& x) {
  return f(caf::meta::type_name("CollectionInfo"), x.domain, x.collected_at, x.items, x.rows,
           x.total, x.truncated, x.path, x.bytes);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Collection& x) {
  return f(caf::meta::type_name("Collection"), x.domain, x.collected_at, x.items, x.total,
           x.metadata);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ApiAnswer& x) {
  return f(caf::meta::type_name("ApiAnswer"), x.transport, x.problem, x.status, x.body, x.is_json,
           x.error_id, x.error_details, optional_field(x.retry_after), x.duration, x.key_is_old,
           x.normalized);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ApiAccount& x) {
  return f(caf::meta::type_name("ApiAccount"), x.plan_name, x.plan_level, x.reset_date,
           optional_field(x.credits_remaining), x.remaining_is_estimate,
           optional_field(x.credits_available), optional_field(x.credits_used), x.standing,
           steady_field(x.asked_at));
}

} // namespace gleaner
