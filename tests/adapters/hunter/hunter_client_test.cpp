#include "tests/adapters/hunter/client_fixture.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>

using namespace gleaner;
using namespace gleaner::test;

namespace hunter_client {

struct Fixture : ClientFixture {
  Fixture() { config.key = "top-secret-key"; }

  std::vector<std::string> lines_of_request(std::size_t index = 0) const {
    std::vector<std::string> lines;
    const auto head = server->requests().at(index);
    for (std::size_t begin = 0, end = 0; (end = head.find("\r\n", begin)) != head.npos;
         begin = end + 2)
      lines.push_back(head.substr(begin, end - begin));
    return lines;
  }

  bool sent(const std::string& line) const {
    const auto lines = lines_of_request();
    return std::find(lines.begin(), lines.end(), line) != lines.end();
  }
};

const HttpReply empty_object = http_reply("200 OK", "{}");
const HttpReply silence{"", HttpReply::Then::hold};

} // namespace hunter_client

BOOST_FIXTURE_TEST_SUITE(hunter_client, Fixture)

BOOST_AUTO_TEST_CASE(a_search_names_domain_limit_and_offset) {
  serve(empty_object);
  const auto answer = search({"xn--bcher-kva.example", 200, 100});
  BOOST_TEST(answer.transport == ApiAnswer::Transport::answered);
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(answer.body.view() == "{}");
  BOOST_TEST(lines_of_request().front() ==
             "GET /v2/domain-search?domain=xn--bcher-kva.example&limit=100&offset=200 HTTP/1.1");
}

BOOST_AUTO_TEST_CASE(what_is_no_domain_stays_inside_its_parameter) {
  serve(empty_object);
  search({"a b&offset=7#\r\nX-Evil: 1", 0, 10});
  BOOST_TEST(lines_of_request().front() ==
             "GET /v2/domain-search?domain=a%20b%26offset%3D7%23%0D%0AX-Evil%3A%201&limit=10"
             "&offset=0 HTTP/1.1");
  BOOST_TEST(!sent("X-Evil: 1"));
}

BOOST_AUTO_TEST_CASE(the_key_travels_in_the_authorization_header_alone) {
  serve(empty_object);
  search();
  BOOST_TEST(sent("Authorization: Bearer top-secret-key"));
  const auto head = server->requests().front();
  BOOST_TEST(head.find("top-secret-key") == head.rfind("top-secret-key"));
  BOOST_TEST(lines_of_request().front().find("key") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_a_key_no_authorization_is_sent) {
  config.key.clear();
  serve(empty_object);
  search();
  BOOST_TEST(server->requests().front().find("uthorization") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_user_agent_is_ours) {
  serve(empty_object);
  search();
  BOOST_TEST(sent("User-Agent: gleaner/test"));
}

BOOST_AUTO_TEST_CASE(compressed_answers_are_asked_for) {
  serve(empty_object);
  search();
  const auto lines = lines_of_request();
  BOOST_TEST(std::any_of(lines.begin(), lines.end(), [](const auto& line) {
    return line.starts_with("Accept-Encoding: ") && line.find("gzip") != line.npos;
  }));
}

BOOST_AUTO_TEST_CASE(proxy_variables_are_ignored) {
  serve(empty_object);
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  setenv("all_proxy", "http://127.0.0.1:1", 1);
  const auto answer = search();
  unsetenv("http_proxy");
  unsetenv("all_proxy");
  BOOST_TEST(answer.status == 200);
}

BOOST_AUTO_TEST_CASE(calls_one_after_another_share_a_connection) {
  serve(empty_object);
  for (int i = 0; i < 5; ++i)
    BOOST_TEST(search().status == 200);
  BOOST_TEST(!bool(account()));
  BOOST_TEST(server->requests().size() == 6u);
  BOOST_TEST(server->connections() == 1u);
}

BOOST_AUTO_TEST_CASE(a_connection_that_the_server_closes_is_replaced) {
  serve({empty_object.bytes, HttpReply::Then::close});
  for (int i = 0; i < 5; ++i)
    BOOST_TEST(search().status == 200);
  BOOST_TEST(server->connections() == 5u);
}

BOOST_AUTO_TEST_CASE(nothing_of_an_answer_is_left_for_the_next) {
  serve([n = 0](const std::string&) mutable {
    return ++n == 1 ? http_reply("429 Slow", R"({"errors":[{"id":"slow","details":"why"}]})",
                                 "Retry-After: 9\r\n")
                    : http_reply("503 Down", "");
  });
  BOOST_TEST(search().error_id == "slow");
  const auto second = search();
  BOOST_TEST(second.status == 503);
  BOOST_TEST(second.error_id == "");
  BOOST_TEST(second.error_details == "");
  BOOST_TEST(!second.is_json);
  BOOST_TEST(!second.retry_after.has_value());
  BOOST_TEST(second.body.view() == "");
}

BOOST_AUTO_TEST_CASE(of_many_calls_at_once_each_gets_its_own_answer) {
  serve([](const std::string& head) {
    const auto begin = head.find("domain=") + 7;
    return http_reply("200 OK", head.substr(begin, head.find('&') - begin));
  });
  std::vector<std::future<ApiAnswer>> calls;
  for (int i = 0; i < 500; ++i)
    calls.push_back(begin({"d" + std::to_string(i) + ".test", 0, 10}));
  for (int i = 0; i < 500; ++i)
    BOOST_TEST(get(std::move(calls[static_cast<std::size_t>(i)])).body.view() ==
               "d" + std::to_string(i) + ".test");
  BOOST_TEST(server->connections() <= config.max_fetchers);
}

BOOST_AUTO_TEST_CASE(there_are_no_more_connections_than_fetchers) {
  config.max_fetchers = 3;
  serve(silence);
  std::vector<std::future<ApiAnswer>> calls;
  for (int i = 0; i < 10; ++i)
    calls.push_back(begin());
  BOOST_TEST(server->wait_for_requests(3));
  close_client();
  BOOST_TEST(server->requests().size() == 3u);
  BOOST_TEST(server->connections() == 3u);
  for (auto& call : calls)
    BOOST_TEST(get(std::move(call)).transport == ApiAnswer::Transport::failed);
}

BOOST_AUTO_TEST_CASE(calls_may_come_from_several_threads) {
  serve(empty_object);
  client();
  std::vector<std::thread> callers;
  std::atomic<int> answered{0};
  for (int i = 0; i < 4; ++i)
    callers.emplace_back([&] {
      for (int call = 0; call < 25; ++call) {
        std::promise<int> status;
        client().search({"acme.test", 0, 10}, at_any_time,
                        [&](const ApiAnswer& answer) { status.set_value(answer.status); });
        answered += status.get_future().get() == 200;
      }
    });
  for (auto& caller : callers)
    caller.join();
  BOOST_TEST(answered == 100);
}

BOOST_AUTO_TEST_CASE(a_request_whose_time_is_over_is_not_sent) {
  serve(empty_object);
  std::promise<ApiAnswer> late;
  client().search({"late.test", 0, 10}, std::chrono::steady_clock::now(),
                  [&](ApiAnswer answer) { late.set_value(std::move(answer)); });
  BOOST_TEST((get(late.get_future()).transport == ApiAnswer::Transport::unsent));
  BOOST_TEST(search().status == 200);
  BOOST_TEST(server->requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_answer_may_lead_to_the_next_call) {
  serve(empty_object);
  std::promise<int> last;
  client().search({"one.test", 0, 10}, at_any_time, [&](const ApiAnswer&) {
    client().search({"two.test", 0, 10}, at_any_time,
                    [&](const ApiAnswer& answer) { last.set_value(answer.status); });
  });
  BOOST_TEST(get(last.get_future()) == 200);
}

BOOST_AUTO_TEST_CASE(closing_answers_every_call_in_flight) {
  serve(silence);
  std::vector<std::future<ApiAnswer>> calls;
  for (int i = 0; i < 20; ++i)
    calls.push_back(begin());
  auto asked = begin_account();
  BOOST_REQUIRE(server->wait_for_requests(21));
  close_client();
  for (auto& call : calls) {
    const auto answer = get(std::move(call));
    BOOST_TEST(answer.transport == ApiAnswer::Transport::failed);
    BOOST_TEST(!answer.problem.empty());
  }
  const auto account = get(std::move(asked));
  BOOST_REQUIRE(!bool(account));
  BOOST_TEST((account.error().code == Errc::api_unavailable));
}

BOOST_AUTO_TEST_CASE(closing_answers_calls_that_answers_led_to) {
  serve(silence);
  auto& api = client();
  std::promise<ApiAnswer> followed;
  api.search({"one.test", 0, 10}, at_any_time, [&](const ApiAnswer&) {
    api.search({"two.test", 0, 10}, at_any_time,
               [&](ApiAnswer answer) { followed.set_value(std::move(answer)); });
  });
  BOOST_REQUIRE(server->wait_for_requests(1));
  close_client();
  BOOST_TEST(get(followed.get_future()).transport == ApiAnswer::Transport::failed);
}

BOOST_AUTO_TEST_CASE(closing_answers_calls_that_were_never_sent) {
  serve(silence);
  std::vector<std::future<ApiAnswer>> calls;
  for (int i = 0; i < 200; ++i)
    calls.push_back(begin());
  close_client();
  for (auto& call : calls)
    BOOST_TEST(get(std::move(call)).transport == ApiAnswer::Transport::failed);
}

BOOST_AUTO_TEST_SUITE_END()
