#pragma once

#include "app/cluster/node_pool.hpp"
#include "core/ports/hunter_api.hpp"

#include <memory>
#include <string>
#include <utility>

namespace gleaner {

/// The API with one key as a coordinator of a cluster uses it: pages by whoever has room, what is
/// free by itself. Thread-safe.
class PooledApi final : public HunterApi {
public:
  /// @pre `own` outlives it
  PooledApi(std::string key, std::shared_ptr<NodePool> pool, HunterApi& own)
      : key_(std::move(key)), pool_(std::move(pool)), own_(own) {}

  void search(const PageRequest& request, std::chrono::steady_clock::time_point send_before,
              std::function<void(ApiAnswer)> reply) override {
    pool_->order(key_, request, send_before, std::move(reply));
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

private:
  std::string key_;
  std::shared_ptr<NodePool> pool_;
  HunterApi& own_;
};

} // namespace gleaner
