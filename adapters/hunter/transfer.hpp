#pragma once

#include "core/api_answer.hpp"
#include "core/config.hpp"

#include <curl/curl.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace gleaner::hunter {

struct FreeEasy {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

/// One GET on a reusable easy handle: collects headers and at most `max_body_bytes` decoded bytes.
/// It goes to a public address, or to the one that the operator wrote into the URL; nowhere else.
class Transfer {
public:
  using Finished = std::function<void(ApiAnswer)>;

  /// `headers` are borrowed for the life of the transfer.
  Transfer(const ApiConfig& config, const std::string& user_agent, curl_slist* headers);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// Readies the handle for another request.
  void prepare(const std::string& url, Finished finished);

  /// The request ended: judges transport, parses an error body, and calls back.
  /// `key_is_old`: it went out with a key that is not in use any more.
  void finish(CURLcode code, bool key_is_old);

  CURL* handle() const noexcept { return easy_.get(); }

private:
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  ApiAnswer::Transport transport_of(CURLcode code) const;

  std::unique_ptr<CURL, FreeEasy> easy_;
  std::uint64_t max_body_bytes_;
  bool any_address_; ///< The operator wrote an address, so it is meant.
  Finished finished_;
  std::string body_;
  std::string retry_after_;
  std::size_t header_bytes_ = 0;
  std::string too_large_; ///< What exceeds its limit; empty: nothing.
  std::string refused_address_;
  char error_[CURL_ERROR_SIZE] = {};
};

} // namespace gleaner::hunter
