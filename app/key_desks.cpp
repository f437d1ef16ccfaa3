#include "app/key_desks.hpp"

#include "app/setting_table.hpp"
#include "app/startup_checks.hpp"

#include <utility>

namespace gleaner {

namespace {

Error refused_at_start(const std::string& name, const Error& error) {
  if (error.code == Errc::account_restricted)
    return {error.code, "the API refuses the account of the key '" + name +
                          "': " + describe(error) + "; see to it at the provider's site"};
  return {error.code, "the API refuses the key '" + name + "': " + describe(error) + "; check " +
                        key_variable(name)};
}

} // namespace

KeyDesks::KeyDesks(const ApiConfig& config, const ProviderProfile& profile,
                   const std::string& user_agent)
    : url_(config.url), keys_(api_keys(config)), credentials_folder_(config.credentials_folder),
      page_cost_(profile.cost.most_credits(config.page_size)),
      count_windows_(profile.count_windows) {
  for (const auto& key : keys_) {
    remember(key.name, key.secret);
    auto with = config;
    with.key = key.secret;
    desks_[key.name].api = std::make_unique<hunter::HunterClient>(with, profile, user_agent);
  }
}

void KeyDesks::trace(Tracer& tracer) {
  for (auto& [name, desk] : desks_)
    desk.traced = std::make_unique<TracedApi>(*desk.api, tracer, url_);
}

Status KeyDesks::check(Metrics& metrics, EventLog& log) {
  std::optional<Error> refused;
  bool one_is_good = false;
  for (auto& [name, desk] : desks_) {
    auto account = check_key(*desk.api, log);
    if (!account) {
      desk.refusal = account.error();
      refused = refused_at_start(name, account.error());
      continue;
    }
    one_is_good = true;
    desk.account = std::move(*account);
    if (desk.account)
      metrics.api.at(name).set_credits(*desk.account);
  }
  return one_is_good || !refused ? Status{Done{}} : Status{*refused};
}

void KeyDesks::open_budgets(redis::CommandPort& client, const std::string& token_seed) {
  for (const auto& key : keys_) {
    auto& desk = desks_.at(key.name);
    desk.budget =
      std::make_unique<budget::RedisBudget>(client, budget::state_key(key.secret), key.limits,
                                            CreditRules{key.caps, page_cost_}, token_seed);
    desk.count_budget = std::make_unique<budget::RedisBudget>(
      client, budget::count_state_key(key.secret), count_windows_, CreditRules{}, token_seed);
  }
}

std::map<std::string, KeyPorts> KeyDesks::ports() const {
  std::map<std::string, KeyPorts> all;
  for (const auto& [name, desk] : desks_)
    all[name] = {desk.traced ? static_cast<HunterApi*>(desk.traced.get()) : desk.api.get(),
                 desk.budget.get(), desk.count_budget.get(), desk.account, desk.refusal};
  return all;
}

void KeyDesks::remember(const std::string& name, const Secret& secret) {
  const std::lock_guard guard{fingerprints_mutex_};
  fingerprints_[name] = budget::state_key(secret);
}

std::string KeyDesks::fingerprint() const {
  const std::lock_guard guard{fingerprints_mutex_};
  std::string all;
  for (const auto& [name, one] : fingerprints_)
    all += name + '=' + one + ';';
  return all;
}

void KeyDesks::watch(EventLogger& log, ProcessMetrics& metrics,
                     std::function<void(const std::string& name)> replaced) {
  watch_.emplace(
    keys_, credentials_folder_, log,
    [this, &log, &metrics, replaced = std::move(replaced)](const std::string& name,
                                                           const Secret& secret) {
      metrics.reload_time.SetToCurrentTime();
      log.add_secret(secret);
      auto& desk = desks_.at(name);
      desk.api->replace_key(secret);
      if (desk.budget) { // a fetcher of a cluster has none
        desk.budget->move_to(budget::state_key(secret));
        desk.count_budget->move_to(budget::count_state_key(secret));
      }
      remember(name, secret);
      replaced(name);
    },
    [&metrics](bool all_good) { metrics.reload_success.Set(all_good ? 1 : 0); });
}

} // namespace gleaner
