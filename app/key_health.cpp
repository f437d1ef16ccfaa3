#include "app/key_health.hpp"

#include "adapters/hunter/hunter_client.hpp"
#include "app/quota_plan.hpp"
#include "app/setting_table.hpp"

#include <future>
#include <memory>
#include <utility>

namespace gleaner {

namespace {

using Verdict = HealthCheck::Verdict;

std::string plan_text(const ApiAccount& account) {
  std::string text = account.plan_name.empty() ? "unnamed plan" : account.plan_name;
  if (account.credits_remaining)
    text += ", " + show_credits(account.credits_remaining) + " credits left";
  return account.reset_date.empty() ? text : text + ", reset " + account.reset_date;
}

std::string remedy_for(Errc code, const ApiKey& key) {
  const auto place = key.secret_file.empty() ? "set " + key_variable(key.name) + " to "
                                             : "write into " + key.secret_file + ' ';
  switch (code) {
  case Errc::key_rejected:
    return "; " + place + "a valid key of the account";
  case Errc::account_restricted:
    return "; give the account a plan at the provider, or " + place + "a key of another one";
  case Errc::body_malformed:
  case Errc::redirect_refused:
    return "; this is no answer of the API: set HUNTER_API_URL to its base";
  case Errc::api_unavailable:
  case Errc::tls_failed:
  case Errc::address_refused:
  case Errc::body_too_slow:
  case Errc::timed_out:
    return "; check the network, and HUNTER_API_URL if it is set";
  default:
    return "";
  }
}

const char* warning_of(const ApiAccount& account) {
  switch (account.standing) {
  case AccountStanding::incomplete:
    return "; its registration is not complete";
  case AccountStanding::frozen:
    return "; it is frozen";
  case AccountStanding::soft_frozen:
    return "; it is partly frozen";
  case AccountStanding::ordinary:
    break;
  }
  return "";
}

/// What the settings ask for and the plan, or a cap, does not give, with the remedy; else "".
std::string shortage_of(const ApiAccount& account, const ApiKey& key, const ApiConfig& config,
                        double page_cost) {
  const auto cost = "the " + show_credits(page_cost) + " credits that a page may cost";
  if (account.credits_remaining.value_or(1) <= 0)
    return "; jobs wait for the reset: buy credits to have them go on";
  if (spendable(account, key.caps).value_or(1) <= 0)
    return "; it is at api.credit_floor, so jobs wait: lower that or buy credits";
  if (account.credits_remaining.value_or(page_cost) < page_cost)
    return "; that is below " + cost + ": buy credits, or lower api.page_size";
  const auto cap = reached_cap({}, key.caps, page_cost);
  if (cap == SpendingStop::per_day || cap == SpendingStop::per_month)
    return "; api.credits_per_" + std::string{cap == SpendingStop::per_day ? "day" : "month"} +
           " is below " + cost + ", so nothing is collected: raise it, or lower api.page_size";
  if (account.plan_level == 0)
    return "; a free plan serves a few contacts of a domain and no further page, so collections "
           "end early (plan_cap) whatever api.max_collect (" +
           std::to_string(config.max_collect) + ") asks for";
  return "";
}

} // namespace

std::string key_check_name(const std::string& what, const ApiKey& key) {
  return key.name == "default" ? what : what + ' ' + key.name;
}

void check_key(const ApiConfig& config, const ApiKey& key, const ProviderProfile& profile,
               const std::string& version, std::vector<HealthCheck>& found) {
  if (key.secret.empty()) {
    found.push_back({Verdict::fail, "key", "HUNTER_API_KEY missing: set it, or HUNTER_API_KEY_FILE",
                     Errc::key_rejected});
    return;
  }
  const auto answer = std::make_shared<std::promise<Result<ApiAccount>>>();
  auto future = answer->get_future();
  auto with = config;
  with.key = key.secret;
  hunter::HunterClient api{with, profile, "gleaner/" + version};
  api.account([answer](Result<ApiAccount> account) { answer->set_value(std::move(account)); });
  const auto account = future.get(); // the client answers within api.timeout
  if (!account) {
    found.push_back(failed_check(key_check_name("key", key), account.error()));
    found.back().detail += remedy_for(account.error().code, key);
    return;
  }
  found.push_back({Verdict::ok, key_check_name("key", key), "accepted by " + config.url, {}});
  const auto page_cost = profile.cost.most_credits(config.page_size);
  auto trouble = std::string{warning_of(*account)};
  if (trouble.empty())
    trouble = shortage_of(*account, key, config, page_cost);
  found.push_back({trouble.empty() ? Verdict::ok : Verdict::warn,
                   key_check_name("plan", key),
                   plan_text(*account) + trouble,
                   {}});
}

} // namespace gleaner
