#pragma once

#include "adapters/budget/redis_budget.hpp"
#include "adapters/hunter/hunter_client.hpp"
#include "adapters/redis/command_port.hpp"
#include "app/event_logger.hpp"
#include "app/key_watch.hpp"
#include "app/pipeline.hpp"
#include "app/traced_api.hpp"
#include "core/config.hpp"
#include "core/provider_profile.hpp"
#include "core/result.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace gleaner {

/// What goes with each API key of a worker: the client that asks with it, its account, its budget.
class KeyDesks {
public:
  /// `user_agent` as HunterClient takes it.
  KeyDesks(const ApiConfig& config, const ProviderProfile& profile, const std::string& user_agent);

  /// Requests for pages have spans from now on; `tracer` outlives the desks. @pre no ports() yet
  void trace(Tracer& tracer);

  /// Reads all accounts. An error when the API refuses every key; it names one.
  Status check(Metrics& metrics, EventLog& log);

  /// `client` outlives the desks; `token_seed` is unlike any other process's.
  void open_budgets(redis::CommandPort& client, const std::string& token_seed);

  /// All of a key's budgets that are opened.
  std::map<std::string, KeyPorts> ports() const;

  /// Follows the files of the keys until unwatch(). `replaced` is called on a thread of the watch,
  /// once the key is in use. `metrics` outlive that.
  void watch(EventLogger& log, ProcessMetrics& metrics,
             std::function<void(const std::string& name)> replaced);
  void unwatch() { watch_.reset(); }

  /// Tells these keys, by their names, from others, without saying what they are; follows their
  /// files. From any thread.
  std::string fingerprint() const;

private:
  void remember(const std::string& name, const Secret& secret);

  struct Desk {
    std::unique_ptr<hunter::HunterClient> api;
    std::unique_ptr<TracedApi> traced; ///< None: without traces.
    std::unique_ptr<budget::RedisBudget> budget, count_budget;
    std::optional<ApiAccount> account;
    std::optional<Error> refusal;
  };

  std::string url_; ///< Of the API.
  std::vector<ApiKey> keys_;
  std::string credentials_folder_; ///< As in ApiConfig.
  double page_cost_;               ///< The most that a page can cost.
  std::vector<RateWindow> count_windows_;
  std::map<std::string, Desk> desks_; ///< By name of the key.
  mutable std::mutex fingerprints_mutex_;
  std::map<std::string, std::string> fingerprints_; ///< By name of the key; guarded by it.
  std::optional<KeyWatch> watch_;
};

} // namespace gleaner
