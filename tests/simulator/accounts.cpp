#include "tests/simulator/accounts.hpp"

#include <algorithm>
#include <ctime>
#include <stdexcept>

namespace gleaner::sim {

namespace {

std::tm utc(std::chrono::system_clock::time_point time) {
  const auto seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return parts;
}

std::string as_date(int year, int month, int day) {
  const auto two = [](int n) { return (n < 10 ? "-0" : "-") + std::to_string(n); };
  return std::to_string(year) + two(month) + two(day);
}

/// On the command line a value is JSON where it reads as JSON, else text.
Json loose_value(std::string_view text) {
  auto parsed = Json::parse(text.begin(), text.end(), nullptr, false);
  return parsed.is_discarded() ? Json(text) : parsed;
}

void roll_period(Account& account, Accounts::Time now) {
  if (account.reset_date.empty())
    account.reset_date = next_month(now);
  if (date_of(now) < account.reset_date) // ISO dates sort as texts.
    return;
  account.used = 0;
  account.paid.clear();
  account.quota_answered = false;
  account.reset_date = next_month(now);
}

} // namespace

std::string date_of(std::chrono::system_clock::time_point now) {
  const auto parts = utc(now);
  return as_date(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

std::string next_month(std::chrono::system_clock::time_point now) {
  const auto parts = utc(now);
  const bool december = parts.tm_mon == 11;
  return as_date(parts.tm_year + 1900 + (december ? 1 : 0), december ? 1 : parts.tm_mon + 2, 1);
}

Account& Accounts::at(std::string_view key) {
  const auto found = accounts_.find(key);
  if (found != accounts_.end())
    return found->second;
  auto& account = accounts_[std::string{key}];
  account.valid = !closed_ && !key.starts_with("bad-");
  return account;
}

void Accounts::configure(std::string_view text) {
  const auto name = text.substr(0, text.find(':'));
  if (name.empty())
    throw std::invalid_argument("--key needs a name, e.g. --key my-key:level=0");
  closed_ = true;
  auto& account = at(name);
  account.valid = true;
  text.remove_prefix(name.size());
  while (!text.empty()) {
    text.remove_prefix(1);
    const auto option = text.substr(0, text.find(':'));
    const auto equals = option.find('=');
    if (equals == std::string_view::npos)
      throw std::invalid_argument("--key: \"" + std::string{option} +
                                  "\" is no option=value, e.g. level=0");
    set_account_option(account, option.substr(0, equals), loose_value(option.substr(equals + 1)));
    text.remove_prefix(option.size());
  }
}

Account* Accounts::find(std::string_view key, Time now) {
  const bool known = accounts_.contains(key); // refused keys are not remembered
  if (key.empty() || (!known && (closed_ || key.starts_with("bad-"))))
    return nullptr;
  auto& account = at(key);
  if (!account.valid)
    return nullptr;
  roll_period(account, now);
  return &account;
}

Account& Accounts::change(const Json& object, Time now) {
  if (!object.is_object() || !object.contains("key") || !object["key"].is_string() ||
      object["key"].get<std::string>().empty())
    throw std::invalid_argument(
      R"(expected an object with a key, e.g. {"key":"sim-key","used":50})");
  const auto key = object["key"].get<std::string>();
  const bool is_new = !accounts_.contains(key);
  auto changed = is_new ? Account{} : at(key);
  for (const auto& [name, value] : object.items()) {
    if (name == "new_period" && value == true) {
      changed.reset_date = date_of(now);
      roll_period(changed, now);
    } else if (name != "key") {
      set_account_option(changed, name, value);
    }
  }
  changed.quota_answered = false;
  roll_period(changed, now);
  return accounts_[key] = std::move(changed);
}

} // namespace gleaner::sim
