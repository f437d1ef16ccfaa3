#pragma once

#include "adapters/bullmq/scheduler_admin.hpp"
#include "tests/adapters/bullmq/admin_fixture.hpp"

#include <functional>
#include <set>

namespace gleaner::test {

/// A queue with something in every key that BullMQ knows, and a parent in the queue "bull:r".
struct WholeQueue : AdminFixture {
  WholeQueue() {
    queue.limiter = {{1000, std::chrono::milliseconds{1000}}};
    queue.metrics_points = 10;
  }

  /// Everything anew; the job "held" is in our hands then.
  void begin() {
    send({"FLUSHALL"});
    send({"HSET", key("meta"), "opts.maxLenEvents", "10000", "version", "bullmq:5.0.0"});
    put("held", R"({"attempts":3,"removeOnComplete":{"age":1,"count":1}})", "par");
    send({"HSET", key("held"), "deid", "d"});
    send({"LPUSH", key("wait"), "held"});
    held = take_one();
    handed_out = {"held"};
    for (const auto* owned : {"de:d", "de:a.test"})
      send({"SET", key(owned), "held"});
    send({"SET", key("id"), "0"});
    send({"SET", key("pc"), "0"});
    send({"HSET", key("dn:d"), "name", "n", "data", "{}", "opts", "{}"});
    for (const auto* id : {"w1", "w2", "kid"}) {
      put(id);
      send({"LPUSH", key("wait"), id});
    }
    put("first");
    send({"HSET", key("first"), "priority", "1"});
    send({"ZADD", key("prioritized"), "4294967296", "first"});
    put("later");
    send({"ZADD", key("delayed"), "9999999999999999", "later"});
    put("due");
    send({"ZADD", key("delayed"), "1", "due"});
    for (const auto* state : {"completed", "failed"}) {
      put(std::string{"was-"} + state);
      send({"ZADD", key(state), "5", std::string{"was-"} + state});
    }
    put("family");
    send({"ZADD", key("waiting-children"), "1", "family"});
    send({"SADD", key("family:dependencies"), key("kid")});
    put("lost"), put("doomed", "{}", "par2");
    send({"HSET", key("doomed"), "stc", "9"});
    send({"LPUSH", key("active"), "lost", "doomed"});
    send({"SADD", key("stalled"), "lost", "doomed"});
    plan();
    redis({"SET", key("limiter"), "1", "PX", "60000"});
  }

  std::function<void(const Result<redis::RedisValue>&)> ignore = [](const auto&) {};
  void send(std::vector<std::string> command) { client.submit(std::move(command), ignore); }

  void put(const std::string& id, const std::string& opts = "{}", const std::string& parent = "") {
    send({"HSET", key(id), "name", "x", "data", "{}", "opts", opts, "timestamp", "1", "delay", "0",
          "priority", "0"});
    if (parent.empty())
      return;
    send({"HSET", key(id), "parentKey", "bull:r:" + parent, "parent",
          R"({"id":")" + parent + R"(","queueKey":"bull:r","fpof":true})"});
    send({"HSET", "bull:r:" + parent, "name", "x", "opts", "{}"});
    send({"ZADD", "bull:r:waiting-children", "1", parent});
    send({"SADD", "bull:r:" + parent + ":dependencies", key(id)});
  }

  void plan() {
    put("repeat:s:9000000000000");
    send({"HSET", key("repeat:s:9000000000000"), "rjk", "s"});
    send({"ZADD", key("delayed"), "36864000000000000", "repeat:s:9000000000000"});
    send({"ZADD", key("repeat"), "9000000000000", "s"});
    send({"HSET", key("repeat:s"), "name", "x", "every", "1000", "ic", "1"});
  }

  /// Jobs that stand in one of the lists of their queue, by the keys of their hashes.
  std::set<std::string> listed() {
    std::set<std::string> found;
    for (const std::string base : {"bull:q:", "bull:r:"})
      for (const auto* name : {"wait", "paused", "active", "prioritized", "delayed",
                               "waiting-children", "completed", "failed"}) {
        const auto type = redis({"TYPE", base + name}).text;
        if (type != "list" && type != "zset")
          continue;
        for (auto& item :
             redis({type == "list" ? "LRANGE" : "ZRANGE", base + name, "0", "-1"}).items)
          found.insert(base + item.text);
      }
    return found;
  }

  using Content = std::map<std::string, std::string>;

  /// Each key with its content; not the throttle of the look for stalled jobs.
  Content everything() {
    Content content;
    const auto all = redis({"EVAL",
                            "local a = {} for _, k in ipairs(redis.call('KEYS', '*')) do "
                            "a[#a + 1] = k a[#a + 1] = redis.call('DUMP', k) end return a",
                            "0"});
    for (std::size_t i = 0; i + 1 < all.items.size(); i += 2)
      if (!all.items[i].text.ends_with(":stalled-check"))
        content[all.items[i].text] = all.items[i + 1].text;
    return content;
  }

  /// The key is somebody else's now, of a type that it never has.
  void replace(const std::string& at) {
    const auto wrong = redis({"TYPE", at}).text == "string" ? "SADD" : "SET";
    redis({"DEL", at});
    redis({wrong, at, "x"});
  }

  /// Jobs that stood in a list stand in one still, and so do new ones.
  void check_that_nothing_is_lost(std::set<std::string> jobs, const Content& before) {
    const auto after = listed();
    for (const auto& [at, content] : everything())
      if (!before.contains(at) && redis({"TYPE", at}).text == "hash" &&
          redis({"HEXISTS", at, "timestamp"}).integer == 1)
        jobs.insert(at);
    for (const auto& job : jobs)
      if (!after.contains(job) && redis({"TYPE", job}).text == "hash")
        BOOST_ERROR(job << " is in no list any more");
    for (const auto& job : after)
      if (redis({"EXISTS", job + ":lock"}).integer == 1)
        BOOST_TEST(handed_out.contains(job.substr(7)), job << " is locked for nobody");
  }

  void check_that_it_stays(const std::string& verb, const std::string& at, const Content& before) {
    static const std::set<std::string> clearing{"obliterate", "pause", "remove", "schedule",
                                                "unschedule"};
    if (clearing.contains(verb) || !before.contains(at) || at.ends_with(":pc"))
      return;
    const auto after = everything();
    BOOST_TEST((after.contains(at) && after.at(at) == before.at(at)), at << " was changed");
  }

  void check_that_nothing_changed(const Content& before) {
    const auto after = everything();
    BOOST_TEST(after.size() == before.size());
    for (const auto& [at, content] : after)
      BOOST_TEST((before.contains(at) && before.at(at) == content), at << " was changed");
  }

  TakenJob held;
  std::set<std::string> handed_out; ///< Jobs that a script gave to us.
};

} // namespace gleaner::test
