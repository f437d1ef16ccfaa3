#pragma once

#include "adapters/otlp/delivery.hpp"
#include "core/config.hpp"

#include <curl/curl.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gleaner::otlp {

/// Sends requests to a collector, one after the other, on one connection if possible. TLS
/// certificates are always checked; no redirect and no proxy is followed. Not thread-safe, but for
/// give_up_at().
class CollectorLink {
public:
  using Time = std::chrono::steady_clock::time_point;

  /// @pre libcurl is started; `config.has_collector()`
  CollectorLink(const TracingConfig& config,
                const std::vector<std::pair<std::string, std::string>>& headers,
                const std::string& user_agent);

  /// Blocks, at most until `until`, by a second or so.
  Delivery post(const std::string& body, Time until);

  /// A request under way ends then as failed. From any thread.
  void give_up_at(Time time) { give_up_at_ = time.time_since_epoch().count(); }

private:
  struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
  void add_header(const std::string& line);

  std::chrono::milliseconds timeout_;
  std::unique_ptr<curl_slist, FreeList> headers_;
  std::unique_ptr<CURL, FreeEasy> easy_;
  std::atomic<Time::rep> give_up_at_{Time::max().time_since_epoch().count()};
  std::string answer_;
  char error_[CURL_ERROR_SIZE] = {};
};

} // namespace gleaner::otlp
