#include "core/config.hpp"

namespace gleaner {

namespace {

CreditCaps completed(CreditCaps caps, const CreditCaps& from) {
  const auto inherit = [](auto& cap, const auto& other) {
    if (!cap)
      cap = other;
  };
  inherit(caps.per_job, from.per_job);
  inherit(caps.per_day, from.per_day);
  inherit(caps.per_month, from.per_month);
  inherit(caps.floor, from.floor);
  return caps;
}

} // namespace

std::vector<ApiKey> api_keys(const ApiConfig& config) {
  std::vector<ApiKey> keys;
  if (!config.key.empty() || config.named_keys.empty())
    keys.push_back({"default", config.key, config.key_file, config.limits, config.caps, {}});
  for (const auto& [name, key] : config.named_keys)
    keys.push_back({name, key.secret, key.secret_file, key.limits.value_or(config.limits),
                    completed(key.caps, config.caps), key.tenants});
  return keys;
}

} // namespace gleaner
