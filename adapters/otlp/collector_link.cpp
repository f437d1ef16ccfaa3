#include "adapters/otlp/collector_link.hpp"

#include <algorithm>

namespace gleaner::otlp {

namespace {

constexpr std::size_t longest_answer = 64 * 1024;

std::string url_of(const TracingConfig& config) {
  if (!config.traces_endpoint.empty())
    return config.traces_endpoint;
  auto url = config.endpoint;
  while (url.ends_with('/'))
    url.pop_back();
  return url + "/v1/traces";
}

} // namespace

CollectorLink::CollectorLink(const TracingConfig& config,
                             const std::vector<std::pair<std::string, std::string>>& headers,
                             const std::string& user_agent)
    : timeout_(config.timeout), easy_(curl_easy_init()) {
  const auto url = url_of(config);
  add_header("Content-Type: application/json");
  add_header("Expect:"); // no question before the body
  for (const auto& [name, value] : headers)
    add_header(name + ": " + value);
  auto* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); // a name that is being looked up holds up no end
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, url.starts_with("https") ? "https" : "http");
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!config.tls_ca.empty())
    curl_easy_setopt(easy, CURLOPT_CAINFO, config.tls_ca.c_str());
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(easy, CURLOPT_USERAGENT, user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &CollectorLink::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &CollectorLink::on_progress);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, this);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_);
}

void CollectorLink::add_header(const std::string& line) {
  auto* const longer = curl_slist_append(headers_.get(), line.c_str());
  if (!longer)
    return; // out of memory: the collector will say what it misses
  static_cast<void>(headers_.release());
  headers_.reset(longer);
}

/// What is longer than any answer of a collector is not read to its end.
std::size_t CollectorLink::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& answer = static_cast<CollectorLink*>(self)->answer_;
  const auto room = longest_answer - std::min(longest_answer, answer.size());
  answer.append(data, std::min(room, size * count)); // of a longer one the rest says nothing
  return size * count;
}

int CollectorLink::on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  return now >= static_cast<CollectorLink*>(self)->give_up_at_ ? 1 : 0;
}

Delivery CollectorLink::post(const std::string& body, Time until) {
  using std::chrono::milliseconds;
  const auto left =
    std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now());
  auto* easy = easy_.get();
  answer_.clear();
  error_[0] = '\0';
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
                   static_cast<long>(std::clamp(left, milliseconds{1}, timeout_).count()));
  const auto code = curl_easy_perform(easy);
  if (code != CURLE_OK) {
    Delivery failed;
    failed.again = true;
    failed.why = error_[0] ? error_ : curl_easy_strerror(code);
    return failed;
  }
  long status = 0;
  curl_off_t retry_after = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry_after);
  return judge(status, answer_, std::chrono::seconds{retry_after});
}

} // namespace gleaner::otlp
