#pragma once

#include "core/ports/hunter_api.hpp"

#include <chrono>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace gleaner::test {

/// Answers requests from a script, at once; without a script it keeps them open until answered.
class ScriptedApi final : public HunterApi {
public:
  void search(const PageRequest& request, std::chrono::steady_clock::time_point before,
              std::function<void(ApiAnswer)> reply) override {
    requests.push_back(request);
    send_before = before;
    if (script.empty())
      return open.push_back(std::move(reply));
    auto answer = std::move(script.front());
    script.pop_front();
    reply(std::move(answer));
  }

  void count(const std::string& domain, CountReply reply) override {
    counts.push_back(domain);
    reply(count_state, count_wait);
  }

  void account(std::function<void(Result<ApiAccount>)> reply) override {
    ++account_calls;
    reply(account_state);
  }

  /// Answers the oldest open request.
  void answer(ApiAnswer answer) {
    auto reply = std::move(open.front());
    open.pop_front();
    reply(std::move(answer));
  }

  static ApiAnswer page(std::string body) {
    auto answer = status(200);
    answer.body = SharedBody{std::move(body)};
    return answer;
  }

  static ApiAnswer without_answer(ApiAnswer::Transport transport) {
    ApiAnswer answer;
    answer.transport = transport;
    return answer;
  }

  static ApiAnswer status(int status, std::string id = "", std::string details = "") {
    ApiAnswer answer;
    answer.transport = ApiAnswer::Transport::answered;
    answer.status = status;
    answer.is_json = true;
    answer.error_id = std::move(id);
    answer.error_details = std::move(details);
    return answer;
  }

  std::deque<ApiAnswer> script;
  std::vector<PageRequest> requests;
  std::chrono::steady_clock::time_point send_before; ///< Of the last one.
  std::deque<std::function<void(ApiAnswer)>> open;
  int account_calls = 0;
  std::vector<std::string> counts; ///< Domains.
  Result<std::uint32_t> count_state{std::uint32_t{1}};
  std::chrono::milliseconds count_wait{0}; ///< What the API asks to wait.
  Result<ApiAccount> account_state{ApiAccount{}};
};

} // namespace gleaner::test
