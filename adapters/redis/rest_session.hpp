#pragma once

#include "adapters/redis/reconnect_pause.hpp"
#include "adapters/redis/redis_session.hpp"

#include <curl/curl.h>

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace gleaner::redis {

/// Upstash's REST protocol: one pipeline request at a time, with whatever has gathered during the
/// one before (https://upstash.com/docs/redis/features/restapi). Blocking commands are refused
/// there.
class RestSession : public RedisSession {
public:
  /// `scripts` are loaded before the first command.
  RestSession(const RedisConfig& config, const std::string& base, ServerScripts scripts,
              RedisObserver* observer);
  ~RestSession() override;
  RestSession(const RestSession&) = delete;
  RestSession& operator=(const RestSession&) = delete;

  void send(std::vector<Command> commands) override;
  void await_events(CommandInbox& inbox) override;
  void drop(const Error& why) override;

private:
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  void set_options(const RedisConfig& config);
  void start();
  std::string fill_request();
  void finish(CURLcode code);
  Result<std::vector<RedisValue>> read_answer(CURLcode code);
  Error refusal(long status) const;

  template <auto Free>
  struct FreeBy {
    template <class T>
    void operator()(T* handle) const {
      Free(handle);
    }
  };
  std::string base_;
  std::chrono::milliseconds command_timeout_;
  ServerScripts scripts_; ///< Not loaded yet.
  std::unique_ptr<CURLM, FreeBy<curl_multi_cleanup>> multi_;
  std::unique_ptr<CURL, FreeBy<curl_easy_cleanup>> easy_;
  std::unique_ptr<curl_slist, FreeBy<curl_slist_free_all>> headers_;
  char problem_[CURL_ERROR_SIZE] = {};
  std::string body_; ///< Of the answer, as far as it has come.
  std::deque<Command> waiting_;
  std::vector<Command> sent_; ///< In the request under way.
  ReconnectClock reconnect_;
  Error last_failure_{Errc::redis_unavailable, "not connected"};
};

} // namespace gleaner::redis
