#include "tests/adapters/http/admin_fixture.hpp"
#include "tests/support/print_error.hpp"

#include <thread>

using namespace gleaner;
using namespace gleaner::test;

namespace admin_server {

/// One listener for all cases.
AdminFixture& shared_admin() {
  static AdminFixture admin;
  return admin;
}

struct Fixture {
  AdminFixture& admin = shared_admin();
  std::atomic<bool>& alive = admin.alive;
  std::atomic<int>& looks = admin.looks;
  std::vector<http::ReadinessCheck>& checks = admin.checks;
  Fixture() {
    alive = true;
    looks = 0;
    checks = AdminFixture{}.checks;
    if (!admin.server)
      admin.start();
  }
  auto get(const std::string& target) { return admin.get(target); }
  auto ask(const std::string& method, const std::string& target) {
    return admin.ask(method, target);
  }
  int port() const { return admin.server->port(); }
};

} // namespace admin_server

BOOST_FIXTURE_TEST_SUITE(admin_server, Fixture)

BOOST_AUTO_TEST_CASE(metrics_are_the_registry_s_as_prometheus_reads_them) {
  prometheus::BuildCounter()
    .Name("acme_total")
    .Help("Of acme")
    .Register(*admin.registry)
    .Add({})
    .Increment(7);
  const auto answer = get("/metrics");
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(answer.has("Content-Type: text/plain; version=0.0.4; charset=utf-8"));
  BOOST_TEST(answer.body.find("# TYPE acme_total counter\nacme_total 7\n") != std::string::npos);
  BOOST_TEST(answer.body.find("\nprocess_open_fds ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(metrics_bring_the_gauges_of_readiness_up_to_date) {
  get("/metrics");
  BOOST_TEST(looks == 1);
}

BOOST_AUTO_TEST_CASE(a_live_process_is_ok) {
  for (const auto* path : {"/livez", "/healthz"}) {
    const auto answer = get(path);
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(answer.body == "ok\n");
  }
}

BOOST_AUTO_TEST_CASE(a_stuck_process_is_not_alive_and_says_why) {
  alive = false;
  for (const auto* path : {"/livez", "/healthz"}) {
    const auto answer = get(path);
    BOOST_TEST(answer.status == 503);
    BOOST_TEST(answer.head.starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
    BOOST_TEST(answer.body == "failed scheduler: no actor has run for a minute\n");
  }
}

BOOST_AUTO_TEST_CASE(readiness_asks_nothing_of_liveness) {
  alive = false;
  BOOST_TEST(get("/readyz").status == 200);
  alive = true;
  checks[0] = {"redis", false, "no connection"};
  BOOST_TEST(get("/livez").status == 200);
}

BOOST_AUTO_TEST_CASE(readiness_names_the_checks_that_fail) {
  checks[0] = {"redis", false, "no connection"};
  const auto answer = get("/readyz");
  BOOST_TEST(answer.status == 503);
  BOOST_TEST(answer.body == "failed redis: no connection\n");
}

BOOST_AUTO_TEST_CASE(readiness_in_full_names_every_check) {
  BOOST_TEST(get("/readyz").body == "ok\n");
  BOOST_TEST(get("/readyz?verbose").body == "ok redis\nok worker\n");
  checks[1] = {"worker", false, "draining"};
  const auto answer = get("/readyz?verbose");
  BOOST_TEST(answer.status == 503);
  BOOST_TEST(answer.body == "ok redis\nfailed worker: draining\n");
}

BOOST_AUTO_TEST_CASE(the_version_is_json) {
  const auto answer = get("/version");
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(answer.has("Content-Type: application/json"));
  BOOST_TEST(answer.body == R"({"name":"gleaner","version":"1.2.3"})"
                            "\n");
}

BOOST_AUTO_TEST_CASE(an_unknown_path_is_not_found_and_says_which_there_are) {
  for (const auto* path : {"/", "/metric", "/metrics/", "/livez/x", "/../etc/passwd", "/LIVEZ"}) {
    BOOST_TEST_CONTEXT(path) {
      const auto answer = get(path);
      BOOST_TEST(answer.status == 404);
      BOOST_TEST(answer.body == "no such page; try /metrics /livez /readyz /healthz /version\n");
    }
  }
}

BOOST_AUTO_TEST_CASE(other_methods_are_not_allowed_and_learn_which_are) {
  for (const auto* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
    BOOST_TEST_CONTEXT(method) {
      const auto answer = ask(method, "/livez");
      BOOST_TEST(answer.status == 405);
      BOOST_TEST(answer.has("Allow: GET, HEAD"));
      BOOST_TEST(answer.body == "only GET and HEAD are served\n");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_head_is_answered_like_a_get_without_the_body) {
  for (const auto* path : {"/livez", "/readyz?verbose", "/version", "/nowhere"}) {
    BOOST_TEST_CONTEXT(path) {
      const auto full = get(path);
      const auto head = ask("HEAD", path);
      BOOST_TEST(head.head == full.head);
      BOOST_TEST(head.body == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(answers_have_a_true_length_and_are_not_to_be_kept) {
  for (const auto* path : {"/metrics", "/livez", "/readyz", "/version", "/nowhere"}) {
    BOOST_TEST_CONTEXT(path) {
      const auto answer = get(path);
      BOOST_TEST(answer.has("Content-Length: " + std::to_string(answer.body.size())));
      BOOST_TEST(answer.has("Cache-Control: no-store"));
      BOOST_TEST(answer.has("X-Content-Type-Options: nosniff"));
      BOOST_TEST(answer.has("Connection: close"));
    }
  }
}

BOOST_AUTO_TEST_CASE(requests_are_counted_by_route_and_status) {
  const auto count = [this](const std::string& code, const std::string& route) {
    const auto name = "gleaner_http_requests_total{code=\"" + code + "\",route=\"" + route + "\"} ";
    const auto text = get("/metrics").body;
    const auto found = text.find("\n" + name);
    return found == text.npos ? -1 : std::stoi(text.substr(found + 1 + name.size()));
  };
  const auto good = count("200", "/livez"), missing = count("404", "other");
  const auto refused = count("405", "other"), stuck = count("503", "/healthz");
  BOOST_TEST((good >= 0 && missing >= 0 && refused >= 0 && stuck >= 0));
  get("/livez");
  ask("HEAD", "/livez");
  get("/nowhere");
  ask("POST", "/livez");
  alive = false;
  get("/healthz");
  BOOST_TEST(count("200", "/livez") == good + 2);
  BOOST_TEST(count("404", "other") == missing + 1);
  BOOST_TEST(count("405", "other") == refused + 1);
  BOOST_TEST(count("503", "/healthz") == stuck + 1);
}

BOOST_AUTO_TEST_CASE(what_is_no_request_gets_no_page) {
  for (const std::string text : {"+PONG\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"}) {
    RawPeer peer{port()};
    peer.say(text);
    BOOST_TEST(peer.hear().find(" 200 ") == std::string::npos);
    BOOST_TEST(peer.hung_up);
  }
  BOOST_TEST(get("/livez").status == 200);
}

BOOST_AUTO_TEST_CASE(an_endless_head_is_refused) {
  RawPeer peer{port()};
  peer.say("GET /livez HTTP/1.1\r\nX: " + std::string(17000, 'x'));
  BOOST_TEST(peer.hear().find(" 200 ") == std::string::npos);
  BOOST_TEST(peer.hung_up);
}

BOOST_AUTO_TEST_CASE(many_may_ask_at_once) {
  std::atomic<int> good{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i)
    clients.emplace_back([&] {
      for (int n = 0; n < 10; ++n) {
        RawPeer peer{port()};
        peer.say("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
        good += peer.hear().starts_with("HTTP/1.1 200 OK\r\n");
      }
    });
  for (auto& client : clients)
    client.join();
  BOOST_TEST(good == 80);
  BOOST_TEST(looks == 80);
}

BOOST_AUTO_TEST_SUITE_END()
