#include "adapters/otlp/span_exporter.hpp"

#include <algorithm>

namespace gleaner::otlp {

namespace {

constexpr std::chrono::seconds time_to_close{3};
constexpr std::size_t longest_shown = 300;

TraceSampler sampler_of(const TracingConfig& config) {
  TraceSampler sampler;
  sampler.follows_parent = config.sampler.starts_with("parentbased_");
  if (config.sampler.ends_with("always_off"))
    sampler.ratio = 0;
  else if (config.sampler.ends_with("traceidratio"))
    sampler.ratio = config.sampler_ratio;
  return sampler;
}

/// What the steady clock shows, or would have shown, at the beginning of 1970.
std::chrono::steady_clock::time_point unix_epoch() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::steady_clock::now() -
         std::chrono::duration_cast<std::chrono::steady_clock::duration>(now);
}

} // namespace

SpanExporter::SpanExporter(const TracingConfig& config, SpanSource source, const Headers& headers,
                           std::uint64_t seed, TraceMetrics& metrics, EventLog& log)
    : config_(config), source_(std::move(source)), sampler_(sampler_of(config)), ids_(seed),
      metrics_(metrics), log_(log), queue_(config.queue_size, config.batch_size),
      link_(config, headers, "gleaner/" + source_.version), thread_([this] { run(); }) {}

SpanExporter::~SpanExporter() {
  close();
}

TraceContext SpanExporter::begin(const TraceContext& parent, bool own_trace) noexcept {
  auto context = own_trace ? TraceContext{} : parent;
  if (!context.valid()) {
    context.trace_high = ids_.next();
    context.trace_low = ids_.next();
  }
  context.span_id = ids_.next();
  context.sampled = sampler_.takes(parent, context.trace_low);
  return context.sampled ? context : TraceContext{};
}

TraceContext SpanExporter::child(const TraceContext& parent) noexcept {
  auto context = parent;
  context.span_id = ids_.next();
  return context;
}

void SpanExporter::record(Span span) noexcept {
  if (queue_.push(std::move(span)))
    return;
  metrics_.dropped.Increment();
  lost_some_ = true;
}

void SpanExporter::close() {
  if (!thread_.joinable())
    return;
  const auto end = std::chrono::steady_clock::now() + time_to_close;
  end_ = end.time_since_epoch().count();
  link_.give_up_at(end);
  queue_.close();
  thread_.join();
}

void SpanExporter::run() {
  for (;;) {
    auto spans = queue_.take(config_.schedule_delay);
    if (!spans.empty())
      deliver(std::move(spans));
    else if (queue_.closed())
      return;
    look_for_losses();
  }
}

void SpanExporter::deliver(std::vector<Span> spans) {
  const auto count = spans.size();
  const auto body = export_request(source_, spans, unix_epoch());
  const auto deadline = std::chrono::steady_clock::now() + config_.export_timeout;
  for (std::uint32_t tries = 1;; ++tries) {
    const auto until = std::min(deadline, Time{Time::duration{end_.load()}});
    const auto delivery = link_.post(body, until);
    if (delivery.taken) {
      const auto rejected = std::min<std::uint64_t>(delivery.rejected, count);
      metrics_.exported.Increment(static_cast<double>(count - rejected));
      if (rejected > 0)
        drop(rejected, delivery.why);
      else
        failing_ = false;
      return;
    }
    if (!delivery.again || !try_again_later(delivery, tries, deadline))
      return drop(count, delivery.why);
  }
}

/// False when there is no time left for another try.
bool SpanExporter::try_again_later(const Delivery& delivery, std::uint32_t tries, Time deadline) {
  const auto wait =
    std::max<std::chrono::milliseconds>(delivery.wait, pause_after(tries, random()));
  const auto until = std::min(deadline, Time{Time::duration{end_.load()}});
  if (std::chrono::steady_clock::now() + wait >= until)
    return false;
  if (queue_.closed())
    std::this_thread::sleep_for(wait);
  else
    queue_.wait(wait);
  return true;
}

void SpanExporter::drop(std::uint64_t spans, const std::string& why) {
  metrics_.dropped.Increment(static_cast<double>(spans));
  if (std::exchange(failing_, true))
    return;
  const auto shown = (source_.redact ? source_.redact(why) : why).substr(0, longest_shown);
  log_.warn("trace.export_failed", "the collector does not take spans; they are dropped",
            {{"err", shown}, {"spans", static_cast<std::int64_t>(spans)}});
}

/// A collector that is only slow fails no request.
void SpanExporter::look_for_losses() {
  if (lost_some_.exchange(false) && !std::exchange(failing_, true))
    log_.warn("trace.export_failed", "spans come faster than the collector takes them",
              {{"err", "the queue is full"}, {"queue_size", std::int64_t{config_.queue_size}}});
}

double SpanExporter::random() {
  constexpr double numbers = 9007199254740992.0; // 2^53
  return static_cast<double>(ids_.next() >> 11) / numbers;
}

} // namespace gleaner::otlp
