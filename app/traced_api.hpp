#pragma once

#include "core/ports/hunter_api.hpp"
#include "core/ports/tracer.hpp"

#include <string>
#include <utility>

namespace gleaner {

/// The API, with a span for each request for a page that is traced. Thread-safe.
class TracedApi final : public HunterApi {
public:
  /// `url` is the API's base; `api` and `tracer` outlive it and the replies.
  TracedApi(HunterApi& api, Tracer& tracer, const std::string& url);

  void search(const PageRequest& request, std::chrono::steady_clock::time_point send_before,
              std::function<void(ApiAnswer)> reply) override;
  void count(const std::string& domain, CountReply reply) override {
    api_.count(domain, std::move(reply));
  }
  void account(std::function<void(Result<ApiAccount>)> reply) override {
    api_.account(std::move(reply));
  }
  void recent_account(std::function<void(Result<ApiAccount>)> reply) override {
    api_.recent_account(std::move(reply));
  }
  void forget_account() override { api_.forget_account(); }

private:
  Span begun(const PageRequest& request);

  HunterApi& api_;
  Tracer& tracer_;
  std::string host_;
  std::int64_t port_ = 0;
  std::string url_template_;
};

} // namespace gleaner
