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

/// What is known of one key.
struct KeyView {
  std::string name;
  const char* state;
  ApiAccount account;
  std::optional<BudgetAnswer> budget;

  std::optional<double> spent(double CreditState::*part) const {
    return budget ? std::optional{budget->credits.*part} : std::nullopt;
  }
};

std::vector<std::string> as_row(const KeyView& key) {
  const auto& account = key.account;
  return {key.name,
          key.state,
          account.plan_name.empty() ? "-" : account.plan_name,
          show_credits(account.credits_remaining),
          show_credits(account.credits_available),
          account.reset_date.empty() ? "-" : account.reset_date,
          show_credits(key.spent(&CreditState::spent_today)),
          show_credits(key.spent(&CreditState::spent_this_month)),
          show_credits(key.spent(&CreditState::reserved)),
          key.budget ? show_credits(key.budget->share * 100) + " %" : "-"};
}

Json as_document(const KeyView& key) {
  return {{"name", key.name},
          {"state", key.state},
          {"plan", key.account.plan_name},
          {"creditsRemaining", as_json(key.account.credits_remaining)},
          {"creditsAvailable", as_json(key.account.credits_available)},
          {"resetDate", key.account.reset_date},
          {"spentToday", as_json(key.spent(&CreditState::spent_today))},
          {"spentThisMonth", as_json(key.spent(&CreditState::spent_this_month))},
          {"reserved", as_json(key.spent(&CreditState::reserved))},
          {"share", as_json(key.budget ? std::optional{key.budget->share} : std::nullopt)}};
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
  if (const auto first = find_key(environment.config, ""); !first)
    return report_failure(first.error());
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
    const KeyView view{key.name, state_of(account, budget), account ? *account : ApiAccount{},
                       budget ? std::optional{*budget} : std::nullopt};
    rows.push_back(as_row(view));
    document["keys"].push_back(as_document(view));
  }
  std::cout << (json ? dump(document) + '\n' : table(rows));
  return error ? report_failure(*error) : 0;
}

} // namespace gleaner
