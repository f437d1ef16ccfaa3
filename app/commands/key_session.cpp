#include "app/commands/key_session.hpp"

#include "app/config_loader.hpp"
#include "app/setting_table.hpp"

#include <algorithm>
#include <future>
#include <random>
#include <utility>

namespace gleaner {

namespace {

ApiConfig config_with(ApiConfig config, const Secret& key) {
  config.key = key;
  return config;
}

std::string token_seed() {
  return "cli:" + std::to_string(std::random_device{}());
}

} // namespace

KeySession::KeySession(const CommandEnvironment& environment, ApiKey key, redis::RedisClient* redis)
    : key_(std::move(key)), api_(config_with(environment.config.api, key_.secret),
                                 environment.loaded.profile, "gleaner/" + environment.version) {
  if (!redis)
    return;
  const CreditRules rules{
    key_.caps, environment.loaded.profile.cost.most_credits(environment.config.api.page_size)};
  budget_.emplace(*redis, budget::state_key(key_.secret), key_.limits, rules, token_seed());
  count_budget_.emplace(*redis, budget::count_state_key(key_.secret),
                        environment.loaded.profile.count_windows, CreditRules{}, token_seed());
}

Result<ApiAccount> KeySession::account() {
  std::promise<Result<ApiAccount>> answer;
  api_.account([&](Result<ApiAccount> account) { answer.set_value(std::move(account)); });
  return answer.get_future().get(); // the client answers within api.timeout
}

Result<BudgetAnswer> KeySession::budget_state() {
  std::promise<Result<BudgetAnswer>> answer;
  budget_->exchange({}, [&](Result<BudgetAnswer> state) { answer.set_value(std::move(state)); });
  return answer.get_future().get(); // Redis answers within redis.command_timeout
}

Error about_key(const std::string& name, const Error& error) {
  return {error.code, "key '" + name + "' (" + key_variable(name) + "): " + describe(error)};
}

Result<ApiKey> find_named_key(const Config& config, const std::string& name) {
  const auto keys = api_keys(config.api);
  const auto found =
    std::find_if(keys.begin(), keys.end(), [&](const auto& key) { return key.name == name; });
  if (found != keys.end())
    return *found;
  std::string names;
  for (const auto& key : keys)
    names += (names.empty() ? "" : ", ") + key.name;
  return Error{Errc::usage, "no API key is called '" + name + "'; there are " + names};
}

Result<ApiKey> find_key(const Config& config, const std::string& name) {
  if (!name.empty())
    return find_named_key(config, name);
  auto first = api_keys(config.api).front();
  if (first.secret.empty())
    return Error{Errc::key_rejected,
                 "HUNTER_API_KEY missing: set it, or HUNTER_API_KEY_FILE to a file that holds it"};
  return first;
}

} // namespace gleaner
