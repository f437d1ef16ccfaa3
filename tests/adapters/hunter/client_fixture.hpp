#pragma once

#include "adapters/hunter/hunter_client.hpp"
#include "adapters/profile/profile_reader.hpp"
#include "tests/support/scripted_http.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace gleaner::test {

constexpr auto at_any_time = std::chrono::steady_clock::time_point::max();

/// A client of a scripted server. The client goes first: it may have calls in flight.
class ClientFixture {
public:
  /// Starts the server; every request gets what `script` makes of it.
  void serve(ScriptedHttp::Script script) {
    server = std::make_unique<ScriptedHttp>(std::move(script));
    config.url = server->url();
  }
  void serve(HttpReply reply) {
    serve([reply = std::move(reply)](const std::string&) { return reply; });
  }

  hunter::HunterClient& client() {
    if (!client_)
      client_ =
        std::make_unique<hunter::HunterClient>(config, profile::builtin_profile(), "gleaner/test");
    return *client_;
  }
  void close_client() { client_.reset(); }

  std::future<ApiAnswer> begin(const PageRequest& request = {"acme.test", 0, 10}) {
    auto promise = std::make_shared<std::promise<ApiAnswer>>();
    auto future = promise->get_future();
    client().search(request, at_any_time,
                    [promise](ApiAnswer answer) { promise->set_value(std::move(answer)); });
    return future;
  }

  /// The answer; fails the case instead of hanging when none comes.
  template <class T>
  static T get(std::future<T> future) {
    BOOST_REQUIRE((future.wait_for(std::chrono::seconds{30}) == std::future_status::ready));
    return future.get();
  }
  ApiAnswer search(const PageRequest& request = {"acme.test", 0, 10}) {
    return get(begin(request));
  }

  std::future<Result<ApiAccount>> begin_account() {
    auto promise = std::make_shared<std::promise<Result<ApiAccount>>>();
    auto future = promise->get_future();
    client().account(
      [promise](Result<ApiAccount> account) { promise->set_value(std::move(account)); });
    return future;
  }
  Result<ApiAccount> account() { return get(begin_account()); }
  Result<ApiAccount> recent_account() {
    std::promise<Result<ApiAccount>> promise;
    client().recent_account(
      [&](Result<ApiAccount> account) { promise.set_value(std::move(account)); });
    return get(promise.get_future());
  }

  std::unique_ptr<ScriptedHttp> server;
  ApiConfig config;

private:
  std::unique_ptr<hunter::HunterClient> client_;
};

} // namespace gleaner::test

namespace gleaner {

inline std::ostream& boost_test_print_type(std::ostream& out, ApiAnswer::Transport transport) {
  constexpr const char* names[] = {"answered",  "failed",     "timed_out",      "too_slow",
                                   "too_large", "tls_failed", "address_refused"};
  return out << names[static_cast<std::size_t>(transport)];
}

} // namespace gleaner
