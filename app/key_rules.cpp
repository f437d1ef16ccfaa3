#include "app/key_rules.hpp"

#include "app/setting_table.hpp"

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

namespace gleaner {

namespace {

void refuse_missing(LoadedConfig& loaded) {
  for (const auto& [name, key] : loaded.config.api.named_keys)
    if (key.secret.empty()) {
      const auto variable = key_variable(name);
      loaded.problems.push_back("the API key '" + name + "' has no secret; set " + variable +
                                ", or " + variable + "_FILE to a file that holds it");
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

/// "credits_per_day (400)", and whether the key has it of the first one.
std::string told(const LoadedConfig& loaded, const ApiKey& key, const std::string& cap_name,
                 std::uint32_t cap) {
  const auto origin = loaded.origins.find("api.keys." + key.name + '.' + cap_name);
  const bool inherited = origin != loaded.origins.end() && origin->second.starts_with("as ");
  return cap_name + " (" + std::to_string(cap) + (inherited ? ", as api." + cap_name : "") + ')';
}

/// A cap that others make pointless, or that is too small for any page.
void refuse_odd_caps(LoadedConfig& loaded) {
  const auto& api = loaded.config.api;
  const auto page = loaded.profile.cost.most_credits(api.page_size);
  for (const auto& key : api_keys(api)) {
    const auto too_small = [&](const auto& cap, const char* cap_name) {
      if (cap && *cap < page)
        loaded.problems.push_back("API key '" + key.name +
                                  "': " + told(loaded, key, cap_name, *cap) +
                                  " is less than a page of " + std::to_string(api.page_size) +
                                  " contacts may cost, so nothing would be fetched; raise it, or "
                                  "lower api.page_size");
    };
    too_small(key.caps.per_day, "credits_per_day");
    too_small(key.caps.per_month, "credits_per_month");
    const auto above = [&](const auto& less, const char* less_name, const auto& more,
                           const char* more_name) {
      if (less && more && *less > *more)
        loaded.problems.push_back(
          "API key '" + key.name + "': " + told(loaded, key, less_name, *less) + " is more than " +
          told(loaded, key, more_name, *more) + "; lower the one or raise the other");
    };
    above(key.caps.per_job, "credits_per_job", key.caps.per_day, "credits_per_day");
    above(key.caps.per_job, "credits_per_job", key.caps.per_month, "credits_per_month");
    above(key.caps.per_day, "credits_per_day", key.caps.per_month, "credits_per_month");
  }
}

/// Such a job would have no page to ask for.
void refuse_jobs_of_no_request(LoadedConfig& loaded) {
  const auto least = loaded.profile.cost.credits_for(1);
  for (const auto& key : api_keys(loaded.config.api))
    if (key.caps.per_job && *key.caps.per_job < least) {
      std::ostringstream problem;
      problem << "API key '" << key.name
              << "': " << told(loaded, key, "credits_per_job", *key.caps.per_job)
              << " is less than the " << least
              << " credits that the profile's search.cost names for one request, so nothing would "
                 "be fetched; raise it, or correct the cost";
      loaded.problems.push_back(problem.str());
    }
}

} // namespace

void settle_keys(LoadedConfig& loaded) {
  refuse_missing(loaded);
  refuse_double(loaded);
  refuse_odd_caps(loaded);
  refuse_jobs_of_no_request(loaded);
}

} // namespace gleaner
