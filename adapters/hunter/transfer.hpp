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
struct FreeHeaders {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// One GET on a reusable easy handle: collects headers and at most `max_body_bytes` decoded bytes.
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
  void finish(CURLcode code);

  CURL* handle() const noexcept { return easy_.get(); }

private:
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  ApiAnswer::Transport transport_of(CURLcode code) const;

  std::unique_ptr<CURL, FreeEasy> easy_;
  std::uint64_t max_body_bytes_;
  Finished finished_;
  std::string body_;
  std::string retry_after_;
  bool too_large_ = false;
  char error_[CURL_ERROR_SIZE] = {};
};

} // namespace gleaner::hunter
