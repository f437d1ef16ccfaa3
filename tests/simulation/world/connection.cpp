#include "tests/simulation/world/connection.hpp"

#include "adapters/redis/redis_error.hpp"

#include <algorithm>
#include <utility>

namespace gleaner::simulation {

using redis::RedisReply;
using redis::RedisValue;
using std::chrono::milliseconds;

namespace {

Error unavailable(const std::string& why) {
  return {Errc::redis_unavailable, why};
}

} // namespace

std::chrono::microseconds Connection::latency() {
  if (*around_.troubled && around_.chance.happens(around_.swarm.slow_command))
    return around_.chance.milliseconds(10, 8000);
  return std::chrono::microseconds{around_.chance.between(50, 800)};
}

void Connection::refuse(RedisReply reply) {
  around_.timeline.after(std::chrono::microseconds{50},
                         [host = around_.host, reply = std::move(reply)] {
                           host->deliver([reply] { reply(unavailable("no connection")); });
                         });
}

void Connection::connect() {
  connected_ = true;
  last_arrival_ = last_answer_ = {};
  around_.redis.server().load_scripts(around_.script_shas);
}

void Connection::submit(std::vector<std::string> args, RedisReply reply, milliseconds deadline) {
  auto& timeline = around_.timeline;
  if (!around_.host->alive())
    return;
  if (timeline.now() < down_until_ || !around_.redis.up())
    return refuse(std::move(reply));
  if (!connected_)
    connect();
  const auto number = next_number_++;
  auto lost = std::make_shared<bool>(false);
  pending_.push_back({number, std::move(reply), lost});
  travel(number, std::move(args), std::move(lost));
  timeline.after(deadline, [me = weak_from_this(), host = around_.host, number] {
    host->deliver([me, number] {
      if (const auto self = me.lock(); self && self->find(number))
        self->cut("no answer in time", self->around_.chance.milliseconds(0, 2000));
    });
  });
}

void Connection::travel(std::uint64_t number, std::vector<std::string> args,
                        std::shared_ptr<bool> lost) {
  auto& timeline = around_.timeline;
  last_arrival_ = std::max(last_arrival_, timeline.now() + latency());
  timeline.at(last_arrival_, [me = shared_from_this(), lost = std::move(lost), number,
                              args = std::move(args)]() mutable {
    if (!*lost)
      me->arrive(number, std::move(args));
  });
}

void Connection::arrive(std::uint64_t number, std::vector<std::string> args) {
  auto& [swarm, timeline, chance, trace, redis, host, sender, troubled, shas] = around_;
  if (timeline.now() < swallowing_until_)
    return;
  if (*troubled && chance.happens(swarm.never_applied)) {
    trace.add("connection breaks before", args.front(), sender);
    return cut("reset by peer", chance.milliseconds(0, 2000));
  }
  if (auto* pending = find(number))
    pending->arrived = true;
  const bool lose_answer = *troubled && chance.happens(swarm.answer_lost);
  redis.arrive(sender, std::move(args),
               [me = weak_from_this(), number, lose_answer](RedisValue value) {
                 const auto self = me.lock();
                 if (!self || self->find(number) == nullptr)
                   return;
                 if (!lose_answer)
                   return self->answer(number, std::move(value));
                 self->around_.trace.add("answer is lost", {}, self->around_.sender);
                 self->cut("reset by peer", self->around_.chance.milliseconds(0, 2000));
               });
}

void Connection::answer(std::uint64_t number, RedisValue value) {
  auto& timeline = around_.timeline;
  if (timeline.now() < swallowing_until_)
    return;
  last_answer_ = std::max(last_answer_, timeline.now() + latency());
  timeline.at(last_answer_, [me = weak_from_this(), host = around_.host, number, value] {
    host->deliver([me, number, value] {
      if (const auto self = me.lock())
        self->hand_over(number, redis::to_result(value));
    });
  });
}

void Connection::hand_over(std::uint64_t number, Result<RedisValue> value) {
  const auto found = std::find_if(pending_.begin(), pending_.end(),
                                  [&](const auto& each) { return each.number == number; });
  if (found == pending_.end())
    return;
  const auto reply = std::move(found->reply);
  pending_.erase(found);
  reply(std::move(value));
}

Connection::Pending* Connection::find(std::uint64_t number) {
  for (auto& each : pending_)
    if (each.number == number)
      return &each;
  return nullptr;
}

/// What was sent last is lost first.
std::vector<RedisReply> Connection::lose_everything() {
  connected_ = false;
  std::vector<RedisReply> replies;
  bool losing = false;
  for (auto& each : std::exchange(pending_, {})) {
    losing = losing || (!each.arrived && around_.chance.happens(0.5));
    *each.lost = losing;
    replies.push_back(std::move(each.reply));
  }
  return replies;
}

void Connection::cut(const std::string& why, milliseconds pause) {
  around_.trace.add("connection is cut", why, around_.sender);
  if (pause.count() > 0)
    down_until_ = around_.timeline.now() + pause;
  for (auto& reply : lose_everything())
    around_.timeline.after(std::chrono::microseconds{50},
                           [host = around_.host, reply = std::move(reply), why] {
                             host->deliver([reply, why] { reply(unavailable(why)); });
                           });
}

void Connection::swallow_for(milliseconds span) {
  swallowing_until_ = around_.timeline.now() + span;
}

void Connection::close() {
  lose_everything();
}

} // namespace gleaner::simulation
