#include "core/config.hpp"

namespace gleaner {

std::vector<ApiKey> api_keys(const ApiConfig& config) {
  std::vector<ApiKey> keys;
  if (!config.key.empty() || config.named_keys.empty())
    keys.push_back({"default", config.key, config.key_file, config.limits, config.caps, {}});
  for (const auto& [name, key] : config.named_keys)
    keys.push_back({name, key.secret, key.secret_file, key.limits, key.caps, key.tenants});
  return keys;
}

} // namespace gleaner
