#pragma once

#include "app/cluster/node_pool.hpp"
#include "core/answer_class.hpp"
#include "core/ports/hunter_api.hpp"
#include "core/provider_profile.hpp"
#include "core/suspension.hpp"

#include <memory>
#include <string>
#include <utility>

namespace gleaner {

/// The API with one key as a coordinator of a cluster uses it: pages by whoever has room, what is
/// free by itself. Thread-safe.
class PooledApi final : public HunterApi {
public:
  /// @pre `profile` and `own` outlive it and the pool's replies
  PooledApi(std::string key, std::shared_ptr<NodePool> pool, const ProviderProfile& profile,
            HunterApi& own)
      : key_(std::move(key)), pool_(std::move(pool)), profile_(profile), own_(own) {}

  void search(const PageRequest& request, std::chrono::steady_clock::time_point send_before,
              std::function<void(ApiAnswer)> reply) override {
    pool_->order(key_, request, send_before,
                 [&profile = profile_, &own = own_, reply = std::move(reply)](ApiAnswer answer) {
                   if (suspension_reason(classify(profile, answer).code))
                     own.forget_account(); // a node's client got that answer, not ours
                   reply(std::move(answer));
                 });
  }
  void count(const std::string& domain, CountReply reply) override {
    own_.count(domain, std::move(reply));
  }
  void account(std::function<void(Result<ApiAccount>)> reply) override {
    own_.account(std::move(reply));
  }
  void recent_account(std::function<void(Result<ApiAccount>)> reply) override {
    own_.recent_account(std::move(reply));
  }
  void forget_account() override { own_.forget_account(); }

private:
  std::string key_;
  std::shared_ptr<NodePool> pool_;
  const ProviderProfile& profile_;
  HunterApi& own_;
};

} // namespace gleaner
