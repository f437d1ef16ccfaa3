#pragma once

#include "tests/simulator/switches.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>

namespace gleaner::sim {

/// The account behind a key.
struct Account {
  bool valid = true;
  bool restricted = false;     ///< Every search gets 429 restricted_account.
  bool quota_answered = false; ///< A quota answer was sent: calls after it are counted.
  std::uint32_t plan_level = 2;
  std::string plan_name = "Growth";
  double available = 1e9; ///< Allowance, not the remainder.
  double used = 0;
  std::string reset_date;   ///< YYYY-MM-DD; at 00:00 UTC of it the period begins anew.
  bool two_buckets = false; ///< Old plans: searches and verifications, no credits.
  bool omit_remaining = false;
  std::unordered_set<std::uint64_t> paid; ///< Searches of this period, by hash.

  double remaining() const { return available > used ? available - used : 0; }
};

/// All keys that have been seen or configured.
class Accounts {
public:
  using Time = std::chrono::system_clock::time_point;

  /// "NAME[:option=value...]" with level, plan, available, used, reset, valid, restricted, buckets,
  /// remaining, frozen. From then on only configured keys are valid. Throws std::invalid_argument.
  void configure(std::string_view text);

  /// The key's account, its billing period rolled on to `now`; nullptr when the key is unknown or
  /// invalid. Without configured keys every key is accepted that does not begin with "bad-".
  Account* find(std::string_view key, Time now);

  /// Applies an admin's JSON object; the key is created when it is new. Throws
  /// std::invalid_argument.
  Account& change(const Json& object, Time now);

  std::map<std::string, Account, std::less<>>& all() { return accounts_; }

private:
  Account& at(std::string_view key);

  std::map<std::string, Account, std::less<>> accounts_;
  bool closed_ = false; ///< Only configured keys.
};

/// Sets one option by name. Throws std::invalid_argument.
void set_account_option(Account& account, std::string_view name, const Json& value);

/// As the admin sees it; the key is masked.
Json to_json(std::string_view key, const Account& account);

/// First day of the month after `now`, YYYY-MM-DD.
std::string next_month(std::chrono::system_clock::time_point now);
std::string date_of(std::chrono::system_clock::time_point now);

} // namespace gleaner::sim
