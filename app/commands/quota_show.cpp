#include "app/commands/quota_show.hpp"

#include "app/client_redis.hpp"
#include "app/commands/job_json.hpp"
#include "app/commands/key_session.hpp"
#include "app/config_loader.hpp"
#include "app/quota_plan.hpp"
#include "app/terminal.hpp"
#include "core/credits.hpp"
#include "core/suspension.hpp"

#include <iostream>
#include <vector>

namespace gleaner {

namespace {

using Json = nlohmann::ordered_json;

bool cap_is_reached(const CreditState& credits, const CreditCaps& caps, double page_cost) {
  const auto stop = reached_cap(credits, caps, page_cost);
  return stop == SpendingStop::per_day || stop == SpendingStop::per_month;
}

/// As the worker's gleaner_api_key_state, and what only the account tells.
const char* state_of(const Result<ApiAccount>& account, const Result<BudgetAnswer>& budget,
                     const CreditCaps& caps, double page_cost) {
  if (!account && suspension_reason(account.error().code) == SuspensionReason::key)
    return "invalid";
  if (budget && budget->credits.stop == SpendingStop::drained)
    return "drained";
  if (account && account->standing == AccountStanding::frozen)
    return "frozen";
  if (account && spendable(*account, caps).value_or(1) <= 0)
    return "exhausted";
  if (budget && cap_is_reached(budget->credits, caps, page_cost))
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
          account.reset_date.empty() ? "-" : show_reset(account),
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
          {"resetDate", show_reset(key.account)},
          {"spentToday", as_json(key.spent(&CreditState::spent_today))},
          {"spentThisMonth", as_json(key.spent(&CreditState::spent_this_month))},
          {"reserved", as_json(key.spent(&CreditState::reserved))},
          {"share", as_json(key.budget ? std::optional{key.budget->share} : std::nullopt)}};
}

} // namespace

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
  const auto page_cost =
    environment.loaded.profile.cost.most_credits(environment.config.api.page_size);
  std::vector<Error> errors;
  std::optional<Error> without_budget; // the same for all keys
  for (const auto& key : api_keys(environment.config.api)) {
    KeySession session{environment, key, redis ? &*redis : nullptr};
    const auto account = session.account();
    const auto budget = redis ? session.budget_state() : Result<BudgetAnswer>{where.error()};
    if (!account)
      errors.push_back(about_key(key.name, account.error()));
    if (!budget)
      without_budget = budget.error();
    const KeyView view{key.name, state_of(account, budget, key.caps, page_cost),
                       account ? *account : ApiAccount{},
                       budget ? std::optional{*budget} : std::nullopt};
    rows.push_back(as_row(view));
    document["keys"].push_back(as_document(view));
  }
  std::cout << (json ? dump(document) + '\n' : table(rows));
  if (without_budget)
    errors.push_back(*without_budget);
  int code = 0;
  for (const auto& error : errors) {
    const auto of_this = report_failure(error);
    code = code == 0 ? of_this : code;
  }
  return code;
}

} // namespace gleaner
