// What producers write: a job's data and options, a scheduler's record. NUL separates the texts.
#include "adapters/bullmq/iteration.hpp"
#include "adapters/bullmq/job_codec.hpp"
#include "core/backoff.hpp"
#include "core/domain.hpp"
#include "core/unicode.hpp"
#include "tests/fuzz/fuzzing.hpp"

#include <string>

namespace gleaner::fuzz {

namespace {

void check_file_name(const std::string& name) {
  require(name.size() <= 114, "a file name is 100 characters, a hash and .json");
  require(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-_") == name.npos,
          "a file name has harmless characters alone");
}

void try_domain(const std::string& domain) {
  check_file_name(collection_file_name(domain));
  for (const auto& cleaned : {clean_domain(domain), to_query_domain(domain)}) {
    if (!cleaned) {
      require(cleaned.error().detail.size() < 1000 && is_one_line(cleaned.error().detail),
              "a refusal is short and one line");
      continue;
    }
    require(cleaned->size() <= 253 && cleaned->find('.') != cleaned->npos, "a domain has a dot");
    require(cleaned->find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == cleaned->npos,
            "a domain has harmless characters alone");
    require(to_query_domain(*cleaned) && *to_query_domain(*cleaned) == *cleaned,
            "a cleaned domain stays as it is");
  }
}

void try_job(const std::string& data, const std::string& opts) {
  const auto read = bullmq::read_data(data);
  require(!read.refusal || (read.refusal->size() < 1000 && is_one_line(*read.refusal)),
          "a refusal is short and one line");
  try_domain(read.domain);
  TakenJob job;
  bullmq::read_options(opts, job);
  require(job.trace == TraceContext{} ||
            parse_traceparent(format_traceparent(job.trace)) == job.trace,
          "a job's trace is one that can be named, or none");
  for (const std::uint32_t made : {0u, 1u, 60u, 4000000000u})
    for (const double random : {0.0, 0.999}) {
      job.attempts_made = made;
      const auto decision = decide_retry(job, Errc::api_unavailable, random);
      if (const auto* after = std::get_if<RetryAfter>(&decision))
        require(after->delay.count() >= 0 && after->delay.count() <= 3650ll * 86400 * 1000,
                "a job's pause is from nothing to ten years");
    }
}

} // namespace

void try_input(std::string_view input) {
  Parts parts{input};
  const auto data = parts.next(), opts = parts.next();
  try_job(data, opts);
  bullmq::SchedulerRecord record;
  record.every = parts.next();
  record.offset = parts.next();
  record.count = parts.next();
  record.at_ms = 1'700'000'000'000;
  const auto next = bullmq::next_iteration(record, {"s", "collect", data, opts}, 1'700'000'000'500);
  if (next && *next)
    require((*next)->next_ms > record.at_ms, "a scheduler's next job comes later");
}

} // namespace gleaner::fuzz
