#include "app/key_rules.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace gleaner {

namespace {

void refuse_missing(LoadedConfig& loaded) {
  for (const auto& [name, key] : loaded.config.api.named_keys)
    if (key.secret.empty()) {
      const auto& variables = [&]() -> const std::vector<std::string>& {
        for (const auto& setting : loaded.settings)
          if (setting.path == "api.keys." + name + ".secret")
            return setting.variables;
        return loaded.settings.front().variables;
      }();
      loaded.problems.push_back("the API key '" + name + "' has no secret; set " +
                                variables.front() + ", or " + variables.front() +
                                "_FILE to a file that holds it");
    }
}

void refuse_double(LoadedConfig& loaded) {
  std::map<std::string, std::string> by_tenant;
  std::map<std::string_view, std::string> by_secret;
  const auto keys = api_keys(loaded.config.api);
  for (const auto& key : keys) {
    if (!key.secret.empty())
      if (const auto [other, is_new] = by_secret.emplace(key.secret.view(), key.name); !is_new)
        loaded.problems.push_back("the API keys '" + other->second + "' and '" + key.name +
                                  "' have the same secret; name it once, and give its tenants "
                                  "to that name");
    for (const auto& tenant : key.tenants)
      if (const auto [other, is_new] = by_tenant.emplace(tenant, key.name); !is_new)
        loaded.problems.push_back("the tenant '" + tenant + "' has two API keys, '" +
                                  other->second + "' and '" + key.name + "'; leave it with one");
  }
}

/// A cap that can never be reached, or nothing could be spent below.
void refuse_odd_caps(LoadedConfig& loaded) {
  for (const auto& key : api_keys(loaded.config.api)) {
    const auto above = [&](const auto& less, const char* less_name, const auto& more,
                           const char* more_name) {
      if (less && more && *less > *more)
        loaded.problems.push_back("API key '" + key.name + "': " + less_name + " (" +
                                  std::to_string(*less) + ") is more than " + more_name + " (" +
                                  std::to_string(*more) + "); lower the one or raise the other");
    };
    above(key.caps.per_job, "credits_per_job", key.caps.per_day, "credits_per_day");
    above(key.caps.per_job, "credits_per_job", key.caps.per_month, "credits_per_month");
    above(key.caps.per_day, "credits_per_day", key.caps.per_month, "credits_per_month");
  }
}

} // namespace

void settle_keys(LoadedConfig& loaded) {
  refuse_missing(loaded);
  refuse_double(loaded);
  refuse_odd_caps(loaded);
}

} // namespace gleaner
