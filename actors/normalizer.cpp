#include "actors/normalizer.hpp"

#include "core/span_names.hpp"
#include "messages/registry.hpp"

#include <caf/actor_cast.hpp>

#include <utility>
#include <vector>

namespace gleaner {

NormalizerActor::behavior_type normalizer(NormalizerState::Self self, NormalizerDeps deps) {
  self->state.deps = std::move(deps);
  return {
    [self](const NormalizePage& msg) { self->state.normalize_page(msg); },
    [self](UnpackPage& msg) { self->state.unpack_page(msg); },
    [self](const PackPage& msg) { self->state.pack_page(msg); },
  };
}

void NormalizerState::normalize_page(const NormalizePage& msg) {
  const auto coordinator = caf::actor_cast<JobCoordinatorActor>(self->current_sender());
  const auto trace_id = msg.trace.sampled ? trace_id_text(msg.trace) : std::string{};
  const LogField fields[] = {
    {"job_id", msg.lock.job_id}, {"page", std::int64_t{msg.page}}, {"trace_id", trace_id}};
  const auto where = std::span{fields}.first(msg.trace.sampled ? 3 : 2);
  auto page = msg.normalized ? take_over(msg.body) : read(msg.body, msg.trace, where);
  if (!page)
    return self->send(coordinator, PageUnreadable{msg.lock, msg.offset, page.error()});
  auto packed =
    msg.normalized && !deps.codec.as_text ? std::string{msg.body.view()} : deps.codec.pack(*page);
  self->send(coordinator,
             PageNormalized{msg.lock, msg.offset, std::move(*page), std::move(packed)});
}

void NormalizerState::pack_page(const PackPage& msg) {
  const auto page = read(msg.body, msg.trace, {});
  self->send(caf::actor_cast<PageServerActor>(self->current_sender()),
             PagePacked{msg.number, page ? std::optional{deps.codec.pack(*page)} : std::nullopt});
}

/// The contacts of the API's answer. `where` it came from stands in the log.
Result<NormalizedPage> NormalizerState::read(const SharedBody& body, const TraceContext& trace,
                                             std::span<const LogField> where) {
  if (!trace.sampled || !deps.tracer)
    return parse(body, where);
  const auto start = self->clock().now();
  auto page = parse(body, where);
  record(trace, start, page);
  return page;
}

void NormalizerState::record(const TraceContext& trace, SteadyTime start,
                             const Result<NormalizedPage>& page) {
  auto span =
    child_span(span_names::normalize, SpanKind::internal, deps.tracer->child(trace), trace);
  span.start = start;
  span.end = self->clock().now();
  if (page)
    span.attributes = {{span_keys::contacts, static_cast<std::int64_t>(page->contacts.size())}};
  else
    span.error = to_string(page.error().code);
  deps.tracer->record(std::move(span));
}

Result<NormalizedPage> NormalizerState::parse(const SharedBody& body,
                                              std::span<const LogField> where) {
  NormalizedPage page;
  std::vector<ContactReject> rejects;
  auto header = deps.read_page(
    body,
    [&](const RawContact& raw) {
      if (const auto* contact = normalization.apply(raw, rejects))
        page.contacts.push_back(*contact);
      else
        ++page.rejected;
    },
    [&](const ContactReject& reject) {
      rejects.push_back(reject);
      ++page.rejected;
    });
  if (!header) {
    deps.metrics->pages_unreadable.Increment();
    return header.error();
  }
  page.header = std::move(*header);
  tell(page, rejects, where);
  (page.header.rows == 0 ? deps.metrics->pages_empty : deps.metrics->pages_fetched).Increment();
  return page;
}

void NormalizerState::tell(const NormalizedPage& page, const std::vector<ContactReject>& rejects,
                           std::span<const LogField> where) {
  for (const auto& reject : rejects)
    deps.metrics->count_reject(reject);
  deps.metrics->rejected.Increment(page.rejected);
  if (page.rejected == 0 || rejects.empty())
    return;
  std::vector<LogField> fields{where.begin(), where.end()};
  fields.push_back({"rejected", std::int64_t{page.rejected}});
  fields.push_back({"field", rejects.front().field});
  fields.push_back({"reason", rejects.front().reason});
  deps.log->write(LogLevel::info, "norm.rejected", "entries of a page were left out", fields);
}

/// A page that a node of the cluster has read; it has told of the rejects.
Result<NormalizedPage> NormalizerState::take_over(const SharedBody& packed) {
  auto page = deps.codec.unpack(packed.view());
  if (!page)
    deps.metrics->pages_unreadable.Increment();
  else
    (page->header.rows == 0 ? deps.metrics->pages_empty : deps.metrics->pages_fetched).Increment();
  return page;
}

void NormalizerState::unpack_page(UnpackPage& msg) {
  auto page = deps.codec.unpack(msg.page.packed);
  if (!page)
    deps.metrics->pages_damaged.Increment();
  self->send(caf::actor_cast<JobCoordinatorActor>(self->current_sender()),
             PageUnpacked{std::move(msg.lock), msg.page.offset, msg.page.limit,
                          page ? std::optional{std::move(*page)} : std::nullopt});
}

} // namespace gleaner
