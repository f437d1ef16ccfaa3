#include "tests/simulator/accounts.hpp"
#include "tests/simulator/query_params.hpp"

#include <stdexcept>

namespace gleaner::sim {

namespace {

constexpr double most_credits = 1e12;

[[noreturn]] void refuse(std::string_view name, const Json& value, std::string_view expected) {
  throw std::invalid_argument("account option " + std::string{name} + ": " + value.dump() +
                              " is not possible; expected " + std::string{expected});
}

double amount(std::string_view name, const Json& value) {
  if (!value.is_number() || value.get<double>() < 0 || value.get<double>() > most_credits)
    refuse(name, value, "a number from 0 to 1e12");
  return value.get<double>();
}

bool yes_or_no(std::string_view name, const Json& value) {
  if (!value.is_boolean())
    refuse(name, value, "true or false");
  return value.get<bool>();
}

std::string text(std::string_view name, const Json& value) {
  if (!value.is_string())
    refuse(name, value, "a text");
  return value.get<std::string>();
}

std::string date(std::string_view name, const Json& value) {
  auto out = text(name, value);
  const bool shaped = out.size() == 10 && out[4] == '-' && out[7] == '-' &&
                      out.find_first_not_of("0123456789-") == std::string::npos;
  if (!shaped)
    refuse(name, value, "a date such as 2026-12-01");
  return out;
}

/// What /account shows of frozen accounts, by Hunter's own browser extension: both allowances 0, or
/// both 250.
void freeze(Account& account, const Json& value) {
  if (value != "hard" && value != "soft")
    refuse("frozen", value, "hard or soft");
  account.two_buckets = true;
  account.available = value == "hard" ? 0 : 250;
}

} // namespace

void set_account_option(Account& account, std::string_view name, const Json& value) {
  if (name == "level" || name == "plan_level")
    account.plan_level = static_cast<std::uint32_t>(std::min(amount(name, value), 99.));
  else if (name == "plan" || name == "plan_name")
    account.plan_name = text(name, value);
  else if (name == "available")
    account.available = amount(name, value);
  else if (name == "used")
    account.used = amount(name, value);
  else if (name == "reset" || name == "reset_date")
    account.reset_date = date(name, value);
  else if (name == "valid")
    account.valid = yes_or_no(name, value);
  else if (name == "restricted")
    account.restricted = yes_or_no(name, value);
  else if (name == "remaining")
    account.omit_remaining = !yes_or_no(name, value);
  else if (name == "frozen")
    freeze(account, value);
  else if (name == "buckets" && (value == "one" || value == "two"))
    account.two_buckets = value == "two";
  else
    throw std::invalid_argument(
      "account option " + std::string{name} + "=" + value.dump() +
      " is not understood; there are level, plan, available, used, reset, valid, restricted, "
      "remaining (true or false), buckets (one or two), frozen (hard or soft)");
}

Json to_json(std::string_view key, const Account& account) {
  return {{"key", masked_key(key)},
          {"valid", account.valid},
          {"restricted", account.restricted},
          {"plan_level", account.plan_level},
          {"plan_name", account.plan_name},
          {"available", account.available},
          {"used", account.used},
          {"remaining", account.remaining()},
          {"reset_date", account.reset_date},
          {"buckets", account.two_buckets ? "two" : "one"}};
}

} // namespace gleaner::sim
