#include "app/cluster_board.hpp"

#include "core/iso_time.hpp"
#include "messages/cluster.hpp"

#include <nlohmann/json.hpp>

#include <atomic>
#include <set>
#include <utility>

namespace gleaner {

namespace {

using Json = nlohmann::ordered_json;
using redis::RedisValue;

Json to_json(const NodePool::State& node) {
  constexpr const char* words[] = {"joined", "left", "lost"}; // NodePool::Standing
  return {{"name", node.name},
          {"version", node.version},
          {"slots", node.slots},
          {"busy", node.busy},
          {"pages", node.served},
          {"drained", node.drained},
          {"standing", words[static_cast<std::size_t>(node.standing)]}};
}

} // namespace

/// Tells the first; what is wrong with the connection others tell.
struct ClusterBoard::Refusals {
  EventLog& log;
  std::atomic<bool> told{false};

  void heed(const Result<RedisValue>& answer) {
    if (answer || answer.error().code == Errc::redis_unavailable || told.exchange(true))
      return;
    log.warn("cluster.not_told",
             "Redis refuses what `gleaner cluster` needs to show and drain nodes",
             {{"err", answer.error().detail}});
  }
};

ClusterBoard::ClusterBoard(redis::CommandPort& redis, ClusterKeys keys, CoordinatorFacts facts,
                           std::shared_ptr<NodePool> pool, EventLog& log)
    : redis_(redis), keys_(std::move(keys)), facts_(std::move(facts)), pool_(std::move(pool)),
      refusals_(new Refusals{log}), thread_([this] { keep(); }) {}

ClusterBoard::~ClusterBoard() {
  {
    const std::lock_guard guard{mutex_};
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
  redis_.submit({"SREM", keys_.coordinators(), facts_.id}, [](const Result<RedisValue>&) {});
  static_cast<void>(redis_.call({"DEL", keys_.coordinator(facts_.id)})); // or it would not get out
}

void ClusterBoard::keep() {
  std::unique_lock lock{mutex_};
  while (!stopping_) {
    lock.unlock();
    exchange();
    lock.lock();
    changed_.wait_for(lock, interval, [this] { return stopping_; });
  }
}

std::string ClusterBoard::as_json() const {
  Json json{{"id", facts_.id},
            {"version", facts_.version},
            {"protocol", cluster_protocol},
            {"address", facts_.address}};
  json["certificateEnds"] =
    facts_.certificate_ends_ms ? Json(iso_time(*facts_.certificate_ends_ms)) : Json();
  json["nodes"] = Json::array();
  for (const auto& node : pool_->nodes())
    json["nodes"].push_back(to_json(node));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void ClusterBoard::exchange() {
  constexpr auto lasts = std::chrono::seconds{3 * interval};
  const auto heed = [refusals = refusals_](const Result<RedisValue>& answer) {
    refusals->heed(answer);
  };
  redis_.submit({"SADD", keys_.coordinators(), facts_.id}, heed);
  redis_.submit(
    {"SET", keys_.coordinator(facts_.id), as_json(), "EX", std::to_string(lasts.count())}, heed);
  redis_.submit({"SMEMBERS", keys_.drained()},
                [pool = pool_, heed](const Result<RedisValue>& answer) {
                  heed(answer);
                  if (!answer || answer->kind != RedisValue::Kind::array)
                    return;
                  std::set<std::string> names;
                  for (const auto& name : answer->items)
                    names.insert(name.text);
                  pool->drain(std::move(names));
                });
}

} // namespace gleaner
