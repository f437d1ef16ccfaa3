#pragma once

#include "core/config.hpp"
#include "core/ports/hunter_api.hpp"
#include "core/provider_profile.hpp"
#include "core/secret.hpp"

#include <memory>
#include <string>

namespace gleaner::hunter {

/// HunterApi over HTTP: all transfers on one thread with a curl multi handle, connections kept
/// alive. The key travels in the Authorization header only; redirects are not followed, proxy
/// variables and .netrc are ignored; a body is cut off at the limit on decoded bytes.
class HunterClient final : public HunterApi {
public:
  /// `user_agent` e.g. "gleaner/0.1.0": the API's edge refuses clients without a real one.
  HunterClient(const ApiConfig& config, const ProviderProfile& profile,
               const std::string& user_agent);
  ~HunterClient() override; ///< Requests under way are answered as failed.

  void search(const PageRequest& request, std::chrono::steady_clock::time_point send_before,
              std::function<void(ApiAnswer)> reply) override;

  void count(const std::string& domain, CountReply reply) override;

  /// Requests that are sent from now on go out with this key.
  void replace_key(const Secret& key);

  void account(std::function<void(Result<ApiAccount>)> reply) override;

  /// An answer less than ten seconds old is given again.
  void recent_account(std::function<void(Result<ApiAccount>)> reply) override;
  void forget_account() override;

private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace gleaner::hunter
