#include "core/key_roster.hpp"

#include <algorithm>
#include <tuple>

namespace gleaner {

KeyRoster::KeyRoster(const std::vector<Key>& keys, bool pooled)
    : first_(keys.front().name), pooled_(pooled) {
  for (const auto& [name, tenants] : keys) {
    keys_[name];
    for (const auto& tenant : tenants)
      by_tenant_[tenant] = name;
  }
}

Result<std::string> KeyRoster::choose(const std::string& key_name,
                                      const std::string& tenant) const {
  if (!key_name.empty()) {
    if (keys_.contains(key_name))
      return key_name;
    return Error{Errc::job_malformed, "job data names the API key '" + key_name +
                                        "', which this worker does not have; see api.key_names"};
  }
  // Without tenants in the settings the word is the producer's own affair.
  if (!tenant.empty() && !by_tenant_.empty()) {
    if (const auto found = by_tenant_.find(tenant); found != by_tenant_.end())
      return found->second;
    return Error{Errc::job_malformed, "job data names the tenant '" + tenant +
                                        "', which no API key of this worker is for; see "
                                        "api.keys.NAME.tenants"};
  }
  return pooled_ ? least_used() : first_;
}

bool KeyRoster::any_will_do(const std::string& key_name, const std::string& tenant) const {
  return pooled_ && key_name.empty() && (tenant.empty() || by_tenant_.empty()) && !none_usable();
}

std::string KeyRoster::least_used() const {
  const auto least = std::min_element(keys_.begin(), keys_.end(), [](const auto& a, const auto& b) {
    return std::tuple{!a.second.suspended.empty(), a.second.held} <
           std::tuple{!b.second.suspended.empty(), b.second.held};
  });
  return least->first;
}

bool KeyRoster::suspend(const std::string& name, SuspensionReason reason) {
  return keys_.at(name).suspended.insert(reason).second;
}

bool KeyRoster::resume(const std::string& name, SuspensionReason reason) {
  auto& key = keys_.at(name);
  const bool resumed = key.suspended.erase(reason) > 0;
  key.on_trial =
    key.on_trial ||
    (resumed && (reason == SuspensionReason::key || reason == SuspensionReason::quota));
  return resumed;
}

bool KeyRoster::is_suspended(const std::string& name, SuspensionReason reason) const {
  return keys_.at(name).suspended.contains(reason);
}

bool KeyRoster::none_usable() const {
  return std::none_of(keys_.begin(), keys_.end(),
                      [](const auto& key) { return key.second.suspended.empty(); });
}

bool KeyRoster::any_suspended(SuspensionReason reason) const {
  return std::any_of(keys_.begin(), keys_.end(),
                     [&](const auto& key) { return key.second.suspended.contains(reason); });
}

} // namespace gleaner
