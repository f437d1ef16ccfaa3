#include "adapters/http/http_metrics.hpp"

namespace gleaner::http {

namespace {

/// All that there can be.
constexpr std::pair<const char*, int> answers[] = {
  {"/metrics", 200}, {"/livez", 200},   {"/livez", 503},   {"/readyz", 200}, {"/readyz", 503},
  {"/healthz", 200}, {"/healthz", 503}, {"/version", 200}, {"other", 404},   {"other", 405}};

using Buckets = prometheus::Histogram::BucketBoundaries;

} // namespace

HttpMetrics::HttpMetrics(prometheus::Registry& registry)
    : duration_(prometheus::BuildHistogram()
                  .Name("gleaner_http_request_duration_seconds")
                  .Help("From a request to the listener to its answer, sent")
                  .Register(registry)
                  .Add({}, Buckets{.001, .01, .1, 1})) {
  auto& family = prometheus::BuildCounter()
                   .Name("gleaner_http_requests_total")
                   .Help("Requests to the listener")
                   .Register(registry);
  for (const auto& [route, status] : answers)
    requests_[{route, status}] = &family.Add({{"route", route}, {"code", std::to_string(status)}});
}

void HttpMetrics::count(std::string_view path, int status, double seconds) {
  auto found = requests_.find(std::pair{std::string{path}, status});
  if (found == requests_.end())
    found = requests_.find(std::pair{std::string{"other"}, status});
  if (found != requests_.end())
    found->second->Increment();
  duration_.Observe(seconds);
}

} // namespace gleaner::http
