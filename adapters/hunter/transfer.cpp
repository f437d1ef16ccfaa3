#include "adapters/hunter/transfer.hpp"

#include "adapters/address/ip_address.hpp"
#include "adapters/hunter/address_guard.hpp"
#include "adapters/hunter/error_body.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

namespace gleaner::hunter {

namespace {

/// What the page parser wants to read behind the end (simdjson's padding).
constexpr std::size_t body_padding = 64;
constexpr std::size_t usual_body = 64 * 1024;
constexpr std::size_t most_header_bytes = 64 * 1024;
constexpr long least_bytes_a_second = 1024;

/// How long an answer may stay away, or trickle, in whole seconds as libcurl counts them: half of
/// the time that the whole request has.
long patience(const ApiConfig& config) {
  return std::max(1L, static_cast<long>(config.timeout.count() / 2000));
}

} // namespace

Transfer::Transfer(const ApiConfig& config, const std::string& user_agent, curl_slist* headers)
    : easy_(curl_easy_init()), max_body_bytes_(config.max_body_bytes),
      any_address_(names_an_address(config.url)) {
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
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, least_bytes_a_second);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, patience(config));
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
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
  header_bytes_ = 0;
  too_large_.clear();
  refused_address_.clear();
  error_[0] = '\0';
  curl_easy_setopt(easy_.get(), CURLOPT_URL, url.c_str());
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const auto bytes = size * count;
  // Decoded bytes count: CURLOPT_MAXFILESIZE sees only an announced length of the encoded body.
  if (transfer.body_.size() + bytes > transfer.max_body_bytes_) {
    transfer.too_large_ =
      "the answer exceeds " + std::to_string(transfer.max_body_bytes_) + " bytes";
    return 0;
  }
  transfer.body_.append(data, bytes);
  return bytes;
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  constexpr std::string_view name = "retry-after:";
  const std::string_view line{data, size * count};
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.header_bytes_ += line.size(); // of interim answers and trailers too
  if (transfer.header_bytes_ > most_header_bytes) {
    transfer.too_large_ =
      "the answer's headers exceed " + std::to_string(most_header_bytes) + " bytes";
    return 0;
  }
  const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  if (line.size() > name.size() && line.size() < 200 &&
      std::equal(name.begin(), name.end(), line.begin(), same))
    transfer.retry_after_ = line.substr(name.size());
  return line.size();
}

/// After the name is resolved and before anything is sent: DNS can lead a name anywhere.
curl_socket_t Transfer::on_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (!transfer.any_address_ && !address::is_public(address->addr)) {
    transfer.refused_address_ = address::to_text(address->addr);
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

ApiAnswer::Transport Transfer::transport_of(CURLcode code) const {
  switch (code) {
  case CURLE_OK:
    return ApiAnswer::Transport::answered;
  case CURLE_OPERATION_TIMEDOUT:
    return body_.empty() ? ApiAnswer::Transport::timed_out : ApiAnswer::Transport::too_slow;
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_CERTPROBLEM:
  case CURLE_SSL_CIPHER:
  case CURLE_SSL_CACERT_BADFILE:
    return ApiAnswer::Transport::tls_failed;
  default:
    break; // libcurl's list is open
  }
  if (!refused_address_.empty())
    return ApiAnswer::Transport::address_refused;
  return too_large_.empty() ? ApiAnswer::Transport::failed : ApiAnswer::Transport::too_large;
}

void Transfer::finish(CURLcode code, bool key_is_old) {
  ApiAnswer answer;
  answer.key_is_old = key_is_old;
  answer.transport = transport_of(code);
  if (!too_large_.empty())
    answer.problem = too_large_;
  else if (code != CURLE_OK && !refused_address_.empty())
    answer.problem = "the API's name leads to " + refused_address_ +
                     ", which is not a public address; nothing was sent";
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
