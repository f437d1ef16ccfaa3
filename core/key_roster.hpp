#pragma once

#include "core/result.hpp"
#include "core/suspension.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace gleaner {

/// The API keys of a worker: which one a job gets, and which can't be used at present. Pure.
class KeyRoster {
public:
  struct Key {
    std::string name;
    std::vector<std::string> tenants; ///< Whose jobs it is for.
  };

  /// The first key is that of jobs that name neither a key nor a tenant; `pooled`: such jobs are
  /// spread over all keys. @pre not empty, names differ, no tenant has two keys
  KeyRoster(const std::vector<Key>& keys, bool pooled);

  /// The key for a job; Errc::job_malformed when it names one that there is not, or a tenant
  /// without a key.
  Result<std::string> choose(const std::string& key_name, const std::string& tenant) const;

  /// Whether such a job may have any key of a pool, of which one at least can be used.
  bool any_will_do(const std::string& key_name, const std::string& tenant) const;

  /// Jobs that are held with the key: a pool gives to who has least.
  void hold(const std::string& name) { ++keys_.at(name).held; }
  void release(const std::string& name) { --keys_.at(name).held; }

  /// False when it is suspended for that already.
  bool suspend(const std::string& name, SuspensionReason reason);
  /// False when it is not suspended for that. A key that was refused or had no credits is on trial
  /// from then on.
  bool resume(const std::string& name, SuspensionReason reason);
  bool is_suspended(const std::string& name, SuspensionReason reason) const;
  /// One page at a time finds out whether it can be used; trust() ends that.
  bool on_trial(const std::string& name) const { return keys_.at(name).on_trial; }
  /// False when it is not on trial.
  bool trust(const std::string& name) { return std::exchange(keys_.at(name).on_trial, false); }
  bool usable(const std::string& name) const { return keys_.at(name).suspended.empty(); }
  bool none_usable() const;
  /// Some key is suspended for that.
  bool any_suspended(SuspensionReason reason) const;

private:
  struct State {
    std::size_t held = 0;
    std::set<SuspensionReason> suspended;
    bool on_trial = false;
  };
  std::string least_used() const;

  std::string first_;
  bool pooled_ = false;
  std::map<std::string, State> keys_;
  std::map<std::string, std::string> by_tenant_;
};

} // namespace gleaner
