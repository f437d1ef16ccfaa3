#include "app/commands/quota_show.hpp"

#include "app/client_redis.hpp"
#include "app/commands/job_json.hpp"
#include "app/commands/key_session.hpp"
#include "app/terminal.hpp"

#include <cmath>
#include <iostream>
#include <vector>

namespace gleaner {

namespace {

using Json = nlohmann::ordered_json;

const char* state_of(const Result<ApiAccount>& account, const Result<BudgetAnswer>& budget) {
  if (!account && account.error().code == Errc::key_rejected)
    return "invalid";
  if (budget && budget->credits.stop == SpendingStop::drained)
    return "drained";
  if (account && account->standing == AccountStanding::frozen)
    return "frozen";
  if (account && has_no_credits(*account))
    return "exhausted";
  return account ? "ok" : "unknown";
}

} // namespace

std::string show_credits(std::optional<double> credits) {
  if (!credits)
    return "-";
  auto text = dump(std::round(*credits * 1000) / 1000);
  return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

nlohmann::ordered_json as_json(const std::optional<double>& number) {
  return number ? Json(*number) : Json(nullptr);
}

int show_quota(bool json, const CommandEnvironment& environment) {
  const auto where = client_redis(environment.config);
  std::optional<redis::RedisClient> redis;
  if (where)
    redis.emplace(*where, "");
  Json document{{"schema", "gleaner.quota/1"}, {"keys", Json::array()}};
  std::vector<std::vector<std::string>> rows{
    {"key", "state", "plan", "remaining", "of", "reset", "today", "month", "reserved", "pace"}};
  std::optional<Error> error;
  for (const auto& key : api_keys(environment.config.api)) {
    KeySession session{environment, key, redis ? &*redis : nullptr};
    const auto account = session.account();
    const auto budget = redis ? session.budget_state() : Result<BudgetAnswer>{where.error()};
    if (!account)
      error = error.value_or(account.error());
    else if (!budget)
      error = error.value_or(budget.error());
    const ApiAccount seen = account ? *account : ApiAccount{};
    const auto spent = [&](double CreditState::*part) {
      return budget ? std::optional{budget->credits.*part} : std::nullopt;
    };
    const auto share = budget ? std::optional{budget->share * 100} : std::nullopt;
    rows.push_back(
      {key.name, state_of(account, budget), seen.plan_name.empty() ? "-" : seen.plan_name,
       show_credits(seen.credits_remaining), show_credits(seen.credits_available),
       seen.reset_date.empty() ? "-" : seen.reset_date,
       show_credits(spent(&CreditState::spent_today)),
       show_credits(spent(&CreditState::spent_this_month)),
       show_credits(spent(&CreditState::reserved)), share ? show_credits(share) + " %" : "-"});
    document["keys"].push_back(
      {{"name", key.name},
       {"state", state_of(account, budget)},
       {"plan", seen.plan_name},
       {"creditsRemaining", as_json(seen.credits_remaining)},
       {"creditsAvailable", as_json(seen.credits_available)},
       {"resetDate", seen.reset_date},
       {"spentToday", as_json(spent(&CreditState::spent_today))},
       {"spentThisMonth", as_json(spent(&CreditState::spent_this_month))},
       {"reserved", as_json(spent(&CreditState::reserved))},
       {"share", as_json(budget ? std::optional{budget->share} : std::nullopt)}});
  }
  std::cout << (json ? dump(document) + '\n' : table(rows));
  return error ? report_failure(*error) : 0;
}

} // namespace gleaner
