#include "adapters/redis/redis_client.hpp"
#include "tests/support/holds.hpp"
#include "tests/support/scripted_http.hpp"
#include "tests/support/wait_until.hpp"

#include <atomic>
#include <future>
#include <memory>
#include <optional>

using namespace gleaner;
using namespace gleaner::redis;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace rest_session {

struct Fixture {
  std::unique_ptr<ScriptedHttp> server;
  std::unique_ptr<RedisClient> client;
  RedisConfig config;

  void serve(ScriptedHttp::Script script, ServerScripts scripts = {}) {
    server = std::make_unique<ScriptedHttp>(std::move(script));
    config.url = server->url();
    config.rest_token = "secret-token";
    client = std::make_unique<RedisClient>(config, "ignored", std::move(scripts));
  }

  Error refused_ping() {
    const auto got = client->call({"PING"});
    BOOST_REQUIRE(!bool(got));
    return got.error();
  }
};

/// Answers each command of a request with 1.
HttpReply ones(const std::string& request) {
  const auto body = request.substr(request.find("\r\n\r\n") + 4);
  std::string answer = "[{\"result\":1}";
  for (auto at = body.find("],["); at != std::string::npos; at = body.find("],[", at + 1))
    answer += ",{\"result\":1}";
  return http_reply("200 OK", answer + ']');
}

} // namespace rest_session

BOOST_FIXTURE_TEST_SUITE(rest_session, Fixture)

BOOST_AUTO_TEST_CASE(a_command_goes_with_the_token_and_comes_back) {
  serve(ones);
  BOOST_TEST(client->call({"INCR", "n"})->integer == 1);
  const auto request = server->requests().at(0);
  BOOST_TEST(request.starts_with("POST /v2/pipeline HTTP/1.1\r\n"));
  BOOST_TEST(holds(request, "\r\nAuthorization: Bearer secret-token\r\n"));
  BOOST_TEST(holds(request, "\r\nUpstash-Encoding: base64\r\n"));
  BOOST_TEST(request.ends_with("\r\n\r\n[[\"INCR\",\"n\"]]"));
  BOOST_TEST(client->connected());
  BOOST_TEST(!client->can_block());
}

BOOST_AUTO_TEST_CASE(what_gathers_during_a_request_goes_in_the_next) {
  std::promise<void> first_came, gathered;
  serve([&, first = true](const std::string& request) mutable {
    if (std::exchange(first, false)) {
      first_came.set_value();
      gathered.get_future().get();
    }
    return ones(request);
  });
  constexpr int count = 100;
  std::atomic<int> answered{0};
  std::promise<void> all;
  const auto increment = [&] {
    client->submit({"INCR", "n"}, [&](const Result<RedisValue>& value) {
      if (value && ++answered == count)
        all.set_value();
    });
  };
  increment();
  first_came.get_future().get();
  for (int i = 1; i < count; ++i)
    increment();
  gathered.set_value();
  all.get_future().get();
  BOOST_TEST(server->requests().size() == 2u);
  BOOST_TEST(server->connections() == 1u);
}

BOOST_AUTO_TEST_CASE(scripts_are_loaded_first_and_once) {
  serve(ones, {{"return 1", ""}});
  BOOST_REQUIRE(bool(client->call({"A"})));
  BOOST_REQUIRE(bool(client->call({"B"})));
  BOOST_TEST(server->requests().at(0).ends_with("[[\"SCRIPT\",\"LOAD\",\"return 1\"],[\"A\"]]"));
  BOOST_TEST(server->requests().at(1).ends_with("[[\"B\"]]"));
}

BOOST_AUTO_TEST_CASE(large_pipelines_are_cut_into_requests) {
  config.command_timeout = 60s; // they are large, and a sanitizer is slow
  serve(ones);
  const std::string large(500 * 1024, 'x');
  std::vector<std::future<bool>> done;
  for (int i = 0; i < 8; ++i) {
    const auto promise = std::make_shared<std::promise<bool>>();
    done.push_back(promise->get_future());
    client->submit({"SET", "k", large},
                   [promise](const Result<RedisValue>& value) { promise->set_value(bool(value)); });
  }
  for (auto& each : done)
    BOOST_TEST(each.get());
  for (const auto& request : server->requests())
    BOOST_TEST(request.size() < 1100u * 1024);
}

BOOST_AUTO_TEST_CASE(a_refused_token_is_denied_and_never_shown) {
  serve([](const std::string&) {
    return http_reply("401 Unauthorized", R"({"error":"WRONGPASS invalid or missing auth token"})");
  });
  const auto error = refused_ping();
  BOOST_TEST((error.code == Errc::redis_denied));
  BOOST_TEST(holds(error.detail, "UPSTASH_REDIS_REST_TOKEN"));
  BOOST_TEST(!holds(error.detail, "secret-token"));
  BOOST_TEST(!client->connected());
}

BOOST_AUTO_TEST_CASE(each_failure_is_told_apart) {
  struct Row {
    HttpReply reply;
    Errc code;
    const char* part;
  };
  const std::vector<Row> rows{
    {http_reply("404 Not Found", "<html>"), Errc::redis_refused, "HTTP status 404"},
    {http_reply("200 OK", "<html>"), Errc::redis_refused, "REST"},
    {http_reply("400 Bad Request", R"({"error":"ERR max request size exceeded"})"),
     Errc::redis_refused, "max request size"},
    {http_reply("429 Too Many Requests", R"({"error":"ERR max daily request limit exceeded"})"),
     Errc::redis_unavailable, "max daily request limit"},
    {http_reply("503 Service Unavailable", ""), Errc::redis_unavailable, "HTTP status 503"},
    {http_reply("302 Found", "", "Location: http://127.0.0.1:1/\r\n"), Errc::redis_refused, "302"},
    {{"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[", HttpReply::Then::close},
     Errc::redis_unavailable,
     "127.0.0.1"},
    {{"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[", HttpReply::Then::hold},
     Errc::redis_unavailable,
     "in time"},
  };
  config.command_timeout = 500ms;
  for (const auto& row : rows) {
    serve([&](const std::string&) { return row.reply; });
    const auto error = refused_ping();
    BOOST_TEST((error.code == row.code), error.detail);
    BOOST_TEST(holds(error.detail, row.part), error.detail);
  }
}

BOOST_AUTO_TEST_CASE(after_a_failure_the_server_is_left_alone_for_a_while_and_then_asked_again) {
  std::atomic<bool> ill{true};
  serve([&](const std::string& request) {
    return ill ? http_reply("503 Service Unavailable", "") : ones(request);
  });
  for (int i = 0; i < 2000; ++i)
    refused_ping();
  BOOST_TEST(server->requests().size() < 100u);
  ill = false;
  BOOST_TEST(wait_until([this] { return bool(client->call({"PING"})); }));
  BOOST_TEST(client->connected());
}

BOOST_AUTO_TEST_CASE(closing_answers_what_is_under_way) {
  serve([](const std::string&) { return HttpReply{"", HttpReply::Then::hold}; });
  std::vector<std::future<bool>> failed;
  for (int i = 0; i < 3; ++i) {
    const auto promise = std::make_shared<std::promise<bool>>();
    failed.push_back(promise->get_future());
    client->submit({"PING"},
                   [promise](const Result<RedisValue>& value) { promise->set_value(!value); });
  }
  BOOST_REQUIRE(server->wait_for_requests(1));
  client.reset();
  for (auto& each : failed)
    BOOST_TEST(each.get());
}

BOOST_AUTO_TEST_SUITE_END()
