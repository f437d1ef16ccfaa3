#include "adapters/bullmq/job_browser.hpp"
#include "adapters/bullmq/shallow_json.hpp"
#include "core/domain.hpp"

namespace gleaner::bullmq {

std::string failure_class_of(const std::string& reason, const std::string& progress) {
  const auto parsed = parse_shallow(progress);
  if (parsed.is_object() && parsed.value("status", Json()) == "failed" &&
      parsed.value("error", Json()) == reason && parsed.value("code", Json()).is_string())
    return parsed["code"].get<std::string>();
  if (reason == "job stalled more than allowable limit")
    return "stalled";
  if ((reason.starts_with("child ") && reason.ends_with(" failed")) ||
      reason == "a child of the job failed")
    return "child";
  return "other"; // of another worker
}

namespace {

/// Producers write domains as they like.
bool is_same_domain(const std::string& cleaned, const std::string& written) {
  const auto domain = clean_domain(written);
  return domain && *domain == cleaned;
}

} // namespace

bool JobFilter::matches(const JobView& job) const {
  return (state.empty() || state == job.state) &&
         (domain.empty() || domain == job.domain || is_same_domain(domain, job.domain)) &&
         (reason.empty() || job.failed_reason.find(reason) != std::string::npos) &&
         (failure_class.empty() || failure_class == job.failure_class);
}

Status JobBrowser::find(const JobFilter& filter, const std::function<bool(const JobView&)>& visit) {
  constexpr std::uint64_t page = 500;
  for (const auto& place : job_places) {
    if (!filter.state.empty() && filter.state != place.state)
      continue;
    for (std::uint64_t start = 0;; start += page) {
      const auto ids = read_ids(place, start, page);
      if (!ids)
        return ids.error();
      const auto jobs = read_jobs(*ids, place.state);
      if (!jobs)
        return jobs.error();
      for (const auto& job : *jobs)
        if (filter.matches(job) && !visit(job))
          return Done{};
      if (ids->size() < page)
        break;
    }
  }
  return Done{};
}

} // namespace gleaner::bullmq
