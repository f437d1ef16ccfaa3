#include "adapters/redis/redis_client.hpp"
#include "tests/support/redis_fixture.hpp"
#include "tests/support/wait_until.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <future>
#include <set>
#include <vector>

using namespace gleaner;
using namespace gleaner::redis;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace redis_client {

struct Fixture {
  RedisServer& server = shared_redis();
  RedisClient client{server.config(), "tester"};
  Fixture() {
    BOOST_REQUIRE(answers_within(20s));
    BOOST_REQUIRE(bool(client.call({"FLUSHALL"})));
  }

  /// Calls until the server answers again.
  bool answers_within(std::chrono::seconds limit) {
    return wait_until([this] { return bool(client.call({"PING"})); }, limit);
  }
};

/// A server on loopback that greets with `text`, whatever it is asked.
class Greeter {
public:
  explicit Greeter(std::string text) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    bind(listener_, reinterpret_cast<sockaddr*>(&address), length);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port = ntohs(address.sin_port);
    listen(listener_, 8);
    thread_ = std::thread{[this, text = std::move(text)] {
      for (int peer = 0; (peer = accept(listener_, nullptr, nullptr)) >= 0;) {
        char buffer[512];
        (void)!recv(peer, buffer, sizeof buffer, 0);
        (void)!send(peer, text.data(), text.size(), MSG_NOSIGNAL);
        close(peer);
      }
    }};
  }
  ~Greeter() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }
  int port = 0;

private:
  int listener_ = -1;
  std::thread thread_;
};

} // namespace redis_client

BOOST_FIXTURE_TEST_SUITE(redis_client, Fixture)

BOOST_AUTO_TEST_CASE(values_go_and_come_as_they_are) {
  const std::string value{"a\0b\r\n*3 $", 9};
  BOOST_REQUIRE(bool(client.call({"SET", "k", value})));
  const auto got = client.call({"GET", "k"});
  BOOST_REQUIRE(bool(got));
  BOOST_TEST(got->text == value);
  BOOST_TEST(client.call({"GET", "none"})->is_nil());
  BOOST_TEST(client.call({"INCR", "n"})->integer == 1);
}

BOOST_AUTO_TEST_CASE(answers_come_in_order_whoever_asks) {
  std::vector<std::int64_t> seen;
  std::promise<void> last;
  constexpr std::int64_t count = 5000;
  for (std::int64_t i = 0; i < count; ++i)
    client.submit({"INCR", "n"}, [&](Result<RedisValue> value) {
      seen.push_back(value ? value->integer : -1);
      if (seen.size() == count)
        last.set_value();
    });
  last.get_future().get();
  for (std::int64_t i = 0; i < count; ++i)
    BOOST_REQUIRE(seen[static_cast<std::size_t>(i)] == i + 1);
}

BOOST_AUTO_TEST_CASE(an_error_answer_is_refused_with_redis_own_text) {
  BOOST_REQUIRE(bool(client.call({"SET", "k", "text"})));
  const auto got = client.call({"INCR", "k"});
  BOOST_REQUIRE(!bool(got));
  BOOST_TEST((got.error().code == Errc::redis_refused));
  BOOST_TEST(got.error().detail.starts_with("ERR value is not an integer"));
}

BOOST_AUTO_TEST_CASE(the_connection_carries_its_name) {
  BOOST_TEST(client.call({"CLIENT", "GETNAME"})->text == "tester");
}

BOOST_AUTO_TEST_CASE(a_wrong_password_is_denied) {
  BOOST_REQUIRE(bool(client.call({"CONFIG", "SET", "requirepass", "right"})));
  auto config = server.config();
  config.url = "unix://:wrong@" + server.socket();
  RedisClient intruder{config, ""};
  const auto refused = intruder.call({"PING"});
  config.url = "unix://:right@" + server.socket();
  RedisClient owner{config, ""};
  const auto accepted = owner.call({"CONFIG", "SET", "requirepass", ""});
  BOOST_REQUIRE(!bool(refused));
  BOOST_TEST((refused.error().code == Errc::redis_denied));
  BOOST_TEST(bool(accepted));
}

BOOST_AUTO_TEST_CASE(what_is_not_redis_is_called_that) {
  const Greeter http{"HTTP/1.1 400 Bad Request\r\n\r\n"};
  RedisConfig config;
  config.url = "redis://127.0.0.1:" + std::to_string(http.port);
  RedisClient stranger{config, ""};
  const auto got = stranger.call({"PING"});
  BOOST_REQUIRE(!bool(got));
  BOOST_TEST((got.error().code == Errc::redis_refused));
  BOOST_TEST(got.error().detail.find("not Redis") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(errors_name_the_server) {
  const Greeter http{"HTTP/1.1 400 Bad Request\r\n\r\n"};
  const Greeter silent{""};
  const auto where = [](int port) { return "127.0.0.1:" + std::to_string(port); };
  for (const auto& place : {where(http.port), where(silent.port), where(1)}) {
    RedisConfig config;
    config.url = "redis://" + place;
    RedisClient stranger{config, ""};
    const auto got = stranger.call({"PING"});
    BOOST_REQUIRE(!bool(got));
    BOOST_TEST(got.error().detail.find(place) != std::string::npos, got.error().detail);
  }
}

BOOST_AUTO_TEST_CASE(a_server_that_never_answers_is_called_that) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0); // the kernel accepts, nobody reads
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  BOOST_REQUIRE(bind(listener, reinterpret_cast<sockaddr*>(&address), length) == 0);
  BOOST_REQUIRE(listen(listener, 1) == 0);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length);
  RedisConfig config;
  config.url = "redis://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  config.connect_timeout = 50ms;
  RedisClient patient{config, ""};
  const auto got = patient.call({"PING"});
  close(listener);
  BOOST_REQUIRE(!bool(got));
  BOOST_TEST((got.error().code == Errc::redis_unavailable));
  BOOST_TEST(got.error().detail.find("does not answer") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_server_that_is_not_there_fails_each_command_once) {
  RedisConfig config;
  config.url = "unix:///tmp/there-is-no-such-socket";
  RedisClient lonely{config, ""};
  for (int i = 0; i < 3; ++i) {
    const auto got = lonely.call({"PING"});
    BOOST_REQUIRE(!bool(got));
    BOOST_TEST((got.error().code == Errc::redis_unavailable));
  }
  BOOST_TEST(!lonely.connected());
}

BOOST_AUTO_TEST_CASE(a_dead_server_fails_what_is_under_way_and_is_found_again) {
  std::promise<Result<RedisValue>> cut;
  client.submit(
    {"BLPOP", "never", "0"}, [&](Result<RedisValue> value) { cut.set_value(std::move(value)); },
    60s);
  server.stop();
  const auto got = cut.get_future().get();
  BOOST_REQUIRE(!bool(got));
  BOOST_TEST((got.error().code == Errc::redis_unavailable));
  server.start();
  BOOST_TEST(answers_within(20s));
}

BOOST_AUTO_TEST_CASE(an_interrupt_ends_a_blocking_command) {
  std::promise<Result<RedisValue>> cut;
  client.submit(
    {"BLPOP", "never", "0"}, [&](Result<RedisValue> value) { cut.set_value(std::move(value)); },
    60s);
  client.interrupt();
  BOOST_TEST(!bool(cut.get_future().get()));
  BOOST_TEST(answers_within(20s));
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_answers_what_is_pending) {
  std::atomic<int> answers{0};
  {
    RedisClient brief{server.config(), ""};
    for (int i = 0; i < 100; ++i)
      brief.submit(
        {"BLPOP", "never", "0"}, [&](Result<RedisValue>) { ++answers; }, 60s);
  }
  BOOST_TEST(answers == 100);
}

BOOST_AUTO_TEST_CASE(what_a_reply_submits_at_the_end_is_answered_too) {
  std::atomic<int> answers{0};
  {
    RedisClient brief{server.config(), ""};
    auto* const self = &brief;
    brief.submit(
      {"BLPOP", "never", "0"},
      [&answers, self](const Result<RedisValue>&) {
        ++answers;
        self->submit({"PING"}, [&answers](const Result<RedisValue>&) { ++answers; });
      },
      60s);
  }
  BOOST_TEST(answers == 2);
}

BOOST_AUTO_TEST_SUITE_END()
