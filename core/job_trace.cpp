#include "core/job_trace.hpp"

#include "core/span_names.hpp"

#include <utility>

namespace gleaner {

JobTrace::JobTrace(const JobTracing& with, const TakenJob& job, Time now)
    : with_(with), process_(about(job, span_names::process, SpanKind::consumer)),
      settle_(about(job, span_names::settle, SpanKind::client)) {
  process_.start = now;
  process_.attributes.push_back({span_keys::operation_name, std::string{span_names::process}});
  process_.attributes.push_back({span_keys::job_name, job.name});
  process_.attributes.push_back({span_keys::attempts_made, std::int64_t{job.attempts_made}});
}

Span JobTrace::about(const TakenJob& job, std::string_view operation, SpanKind kind) const {
  Span span;
  span.name = span_names::of_queue(operation, with_.queue);
  span.kind = kind;
  span.attributes = {{span_keys::system, "bullmq"},
                     {span_keys::queue, with_.queue},
                     {span_keys::operation_type, std::string{operation}},
                     {span_keys::job_id, job.lock.job_id}};
  if (!with_.client_id.empty())
    span.attributes.push_back({span_keys::client_id, with_.client_id});
  return span;
}

std::unique_ptr<JobTrace> JobTrace::begin(const JobTracing& with, const TakenJob& job,
                                          const std::string& domain, Time asked_at, Time now) {
  if (!with.tracer)
    return nullptr;
  const auto waited = std::chrono::milliseconds{job.processed_on_ms - job.timestamp_ms};
  const bool linked =
    job.trace.valid() && (waited > longest_wait_in_trace || !job.scheduler.empty());
  const auto parent = linked ? TraceContext{} : job.trace;
  const auto taken = with.tracer->begin(job.trace, linked);
  if (!taken.sampled)
    return nullptr;
  std::unique_ptr<JobTrace> trace{new JobTrace{with, job, now}};
  auto receive = trace->about(job, span_names::receive, SpanKind::client);
  receive.attributes.push_back({span_keys::operation_name, std::string{span_names::receive}});
  receive.context = taken;
  receive.parent = parent.span_id;
  receive.start = asked_at;
  receive.end = now;
  auto& process = trace->process_;
  process.context = with.tracer->child(taken);
  if (!domain.empty())
    process.attributes.push_back({span_keys::domain, domain});
  process.parent = parent.valid() ? parent.span_id : taken.span_id;
  if (linked)
    receive.link = process.link = job.trace;
  with.tracer->record(std::move(receive));
  return trace;
}

void JobTrace::settle(std::string_view how, Time now) {
  settle_.context = with_.tracer->child(process_.context);
  settle_.parent = process_.context.span_id;
  settle_.start = now;
  settle_.attributes.push_back({span_keys::operation_name, std::string{how}});
}

void JobTrace::end(Time now, std::string_view error) {
  if (settle_.context.sampled) {
    settle_.end = now;
    settle_.error = error;
    with_.tracer->record(std::move(settle_));
  }
  if (!error.empty())
    process_.error = error;
  process_.end = now;
  with_.tracer->record(std::move(process_));
}

} // namespace gleaner
