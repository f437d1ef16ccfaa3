#include "adapters/hunter/transfer.hpp"

#include "adapters/hunter/error_body.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

namespace gleaner::hunter {

namespace {

/// What the page parser wants to read behind the end (simdjson's padding).
constexpr std::size_t body_padding = 64;
constexpr std::size_t usual_body = 64 * 1024;

} // namespace

Transfer::Transfer(const ApiConfig& config, const std::string& user_agent, curl_slist* headers)
    : easy_(curl_easy_init()), max_body_bytes_(config.max_body_bytes) {
  auto* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, config.url.starts_with("https") ? "https" : "http");
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROXY, ""); // not even where the usual variables name one
  curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(easy, CURLOPT_USERAGENT, user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, ""); // all that libcurl can decode
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(config.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(config.timeout.count()));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
}

void Transfer::prepare(const std::string& url, Finished finished) {
  finished_ = std::move(finished);
  body_ = {};
  body_.reserve(usual_body);
  retry_after_.clear();
  too_large_ = false;
  error_[0] = '\0';
  curl_easy_setopt(easy_.get(), CURLOPT_URL, url.c_str());
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const auto bytes = size * count;
  // Decoded bytes count: CURLOPT_MAXFILESIZE sees only an announced length of the encoded body.
  transfer.too_large_ = transfer.body_.size() + bytes > transfer.max_body_bytes_;
  if (transfer.too_large_)
    return 0;
  transfer.body_.append(data, bytes);
  return bytes;
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  constexpr std::string_view name = "retry-after:";
  const std::string_view line{data, size * count};
  const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  if (line.size() > name.size() && line.size() < 200 &&
      std::equal(name.begin(), name.end(), line.begin(), same))
    static_cast<Transfer*>(self)->retry_after_ = line.substr(name.size());
  return line.size();
}

ApiAnswer::Transport Transfer::transport_of(CURLcode code) const {
  switch (code) {
  case CURLE_OK:
    return ApiAnswer::Transport::answered;
  case CURLE_OPERATION_TIMEDOUT:
    return ApiAnswer::Transport::timed_out;
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_CERTPROBLEM:
  case CURLE_SSL_CIPHER:
  case CURLE_SSL_CACERT_BADFILE:
    return ApiAnswer::Transport::tls_failed;
  default:
    break; // libcurl's list is open
  }
  return too_large_ ? ApiAnswer::Transport::too_large : ApiAnswer::Transport::failed;
}

void Transfer::finish(CURLcode code) {
  ApiAnswer answer;
  answer.transport = transport_of(code);
  if (too_large_)
    answer.problem = "the answer exceeds " + std::to_string(max_body_bytes_) + " bytes";
  else if (code != CURLE_OK)
    answer.problem = error_[0] ? error_ : curl_easy_strerror(code);
  curl_off_t total_us = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_TOTAL_TIME_T, &total_us);
  answer.duration = std::chrono::milliseconds{total_us / 1000};
  if (answer.transport == ApiAnswer::Transport::answered) {
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    answer.retry_after = parse_retry_after(retry_after_, std::chrono::system_clock::now());
    if (status != 200)
      read_error_body(body_, answer);
    body_.reserve(body_.size() + body_padding);
    answer.body = SharedBody{std::move(body_)};
  }
  std::exchange(finished_, nullptr)(std::move(answer));
}

} // namespace gleaner::hunter
