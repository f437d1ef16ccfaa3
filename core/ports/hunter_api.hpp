#pragma once

#include "core/api_answer.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace gleaner {

/// The contact API. Calls return at once; each reply comes exactly once, on the client's I/O
/// thread, also when the client is destroyed first, and must not block or throw. Thread-safe.
class HunterApi {
public:
  virtual ~HunterApi() = default;

  /// One page of GET /domain-search. Not sent at `send_before` or later: its permit is of no use
  /// then, and Transport::unsent the reply.
  virtual void search(const PageRequest& request, std::chrono::steady_clock::time_point send_before,
                      std::function<void(ApiAnswer)> reply) = 0;

  /// `wait`: what the API asks to wait, 0 when it does not say.
  using CountReply =
    std::function<void(Result<std::uint32_t> contacts, std::chrono::milliseconds wait)>;

  /// GET /email-count (free): how many contacts there are of a domain; a search may find fewer.
  /// Errors as those of account().
  virtual void count(const std::string& domain, CountReply reply) = 0;

  /// GET /account (free). Errors are those of the answer's class: key_rejected, api_unavailable ...
  virtual void account(std::function<void(Result<ApiAccount>)> reply) = 0;

  /// Likewise, but it may be what the API said a moment ago; then the reply comes at once, on the
  /// caller's thread.
  virtual void recent_account(std::function<void(Result<ApiAccount>)> reply) {
    account(std::move(reply));
  }

  /// What the API said before no longer counts for recent_account(): an answer that does not go
  /// with it came by another way. A client's own answers need no such word.
  virtual void forget_account() {}
};

} // namespace gleaner
