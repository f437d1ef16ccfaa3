#include "app/commands/job_json.hpp"

#include "adapters/bullmq/shallow_json.hpp"
#include "core/iso_time.hpp"

namespace gleaner {

using Json = nlohmann::ordered_json;

Json embed(const std::string& text) {
  if (text.empty())
    return nullptr;
  const auto parsed = bullmq::parse_shallow(text);
  return parsed.is_discarded() ? Json(text) : Json(parsed);
}

std::string time_or_nothing(std::int64_t ms) {
  return ms > 0 ? iso_time(ms) : std::string{};
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json to_json(const bullmq::JobView& job) {
  return {{"id", job.id},
          {"name", job.name},
          {"state", job.state},
          {"domain", job.domain},
          {"data", embed(job.data)},
          {"opts", embed(job.opts)},
          {"progress", embed(job.progress)},
          {"returnvalue", embed(job.return_value)},
          {"failedReason", job.failed_reason},
          {"failureClass", job.failure_class},
          {"attemptsMade", job.attempts_made},
          {"attempts", job.attempts},
          {"priority", job.priority},
          {"delay", job.delay_ms},
          {"processedBy", job.processed_by},
          {"timestamp", time_or_nothing(job.timestamp_ms)},
          {"processedOn", time_or_nothing(job.processed_on_ms)},
          {"finishedOn", time_or_nothing(job.finished_on_ms)}};
}

std::string jobs_in_words(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " job" : " jobs");
}

} // namespace gleaner
