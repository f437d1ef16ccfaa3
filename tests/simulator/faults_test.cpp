#include "tests/simulator/sim_client.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner::sim;

BOOST_AUTO_TEST_SUITE(simulator_faults)

BOOST_FIXTURE_TEST_CASE(refusals_by_name_carry_their_status_and_id, SimFixture) {
  struct Row {
    const char* domain;
    long status;
    const char* id;
  };
  constexpr Row table[] = {{"quota-c5.sim.test", 429, "too_many_requests"},
                           {"payment.sim.test", 402, "insufficient_credits"},
                           {"restricted-c5.sim.test", 429, "restricted_account"},
                           {"claimed-c5.sim.test", 451, "claimed_email"},
                           {"forbidden-c5.sim.test", 403, "forbidden"},
                           {"unauthorized.sim.test", 401, "authentication_failed"},
                           {"throttle-c5.sim.test", 403, "too_many_requests"},
                           {"amb429-c5.sim.test", 429, "too_many_requests"},
                           {"errors200-c5.sim.test", 200, "internal_error"}};
  for (const auto& row : table) {
    const auto got = search(row.domain);
    BOOST_TEST(got.status == row.status);
    BOOST_TEST(got.error_id() == row.id);
    BOOST_TEST(!got.headers.contains("retry-after"));
  }
}

BOOST_FIXTURE_TEST_CASE(pages_of_proxies_are_html, SimFixture) {
  const std::pair<const char*, long> table[] = {
    {"fail500-a.sim.test", 500}, {"fail502-a.sim.test", 502},   {"fail503-a.sim.test", 503},
    {"fail520-a.sim.test", 520}, {"block1010-a.sim.test", 403}, {"notjson-a.sim.test", 200}};
  for (const auto& [domain, status] : table) {
    const auto got = search(domain);
    BOOST_TEST(got.status == status);
    BOOST_TEST(got.body.starts_with("<!DOCTYPE html>"));
    BOOST_TEST(got.headers.at("content-type") == "text/html; charset=UTF-8");
  }
  BOOST_TEST(search("block1010.sim.test").body.find("1010") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_fault_with_a_number_ends_after_so_many_requests_of_a_page, SimFixture) {
  for (const auto offset : {0u, 100u}) {
    for (int i = 0; i < 3; ++i)
      BOOST_TEST(search("flaky3-c150.sim.test", offset).status == 503);
    BOOST_TEST(search("flaky3-c150.sim.test", offset).status == 200);
  }
  BOOST_TEST(search("throttle2-p3-c500.sim.test", 100).status == 200);
  BOOST_TEST(search("throttle2-p3-c500.sim.test", 200).status == 403);
  BOOST_TEST(search("throttle2-p3-c500.sim.test", 200).status == 403);
  BOOST_TEST(search("throttle2-p3-c500.sim.test", 200).status == 200);
  BOOST_TEST(search("fail-once-c5.sim.test").status == 503);
  BOOST_TEST(search("fail-once-c5.sim.test").status == 200);
}

BOOST_FIXTURE_TEST_CASE(bodies_can_break_off_on_the_wire_or_in_the_json, SimFixture) {
  const auto cut = search("cut-c50.sim.test");
  BOOST_TEST(cut.code == CURLE_PARTIAL_FILE);
  BOOST_TEST(!cut.body.empty());
  BOOST_TEST(last_call()["ended"] == "cut");
  BOOST_TEST(search("resetbody-c50.sim.test").code == CURLE_RECV_ERROR);
  BOOST_TEST(last_call()["ended"] == "reset");
  const auto broken = search("cutjson-c50.sim.test");
  BOOST_TEST(broken.code == CURLE_OK);
  BOOST_TEST(!Json::accept(broken.body));
  const auto half = search("shortlength-c50.sim.test");
  BOOST_TEST(half.code == CURLE_OK);
  BOOST_TEST(!Json::accept(half.body));
}

BOOST_FIXTURE_TEST_CASE(connections_can_be_reset_or_left_hanging, SimFixture) {
  BOOST_TEST(search("reset-c5.sim.test").code == CURLE_RECV_ERROR);
  BOOST_TEST(last_call()["ended"] == "reset");
  timeout_ms = 100;
  for (const auto* domain : {"stall-c5.sim.test", "stallbody-c5.sim.test"}) {
    const auto got = search(domain);
    BOOST_TEST(got.code == CURLE_OPERATION_TIMEDOUT);
    BOOST_TEST(got.body.empty() == std::string{domain}.starts_with("stall-"));
    BOOST_TEST(last_call()["ended"] == "stalled");
  }
  BOOST_TEST(search("slow3000-c5.sim.test").code == CURLE_OPERATION_TIMEDOUT);
}

BOOST_FIXTURE_TEST_CASE(bodies_can_be_endless_or_unfold_to_far_more, SimFixture) {
  most_bytes = 1u << 20;
  BOOST_TEST(search("huge-a.sim.test").code == CURLE_WRITE_ERROR);
  BOOST_TEST(last_call()["ended"] == "aborted");
  most_bytes = 1u << 30;
  unzip = true;
  const auto bomb = search("bomb-a.sim.test");
  BOOST_TEST(bomb.code == CURLE_OK);
  BOOST_TEST(bomb.body.size() > (64u << 20));
  BOOST_TEST(bomb.body.ends_with("\"}"));
  BOOST_TEST(last_call()["bytes"] < 100'000);
  BOOST_TEST(search("badgzip-a.sim.test").code == CURLE_BAD_CONTENT_ENCODING);
}

BOOST_FIXTURE_TEST_CASE(a_redirect_points_to_another_port_where_calls_are_noted, SimFixture) {
  const auto got = search("redirect-c5.sim.test");
  BOOST_TEST(got.status == 302);
  const auto location = got.headers.at("location");
  BOOST_TEST(location.starts_with("http://127.0.0.1:"));
  BOOST_TEST(!location.starts_with(sim.api_url()));
  BOOST_TEST(location.find("domain=redirect-c5.sim.test") != std::string::npos);
  BOOST_TEST(last_call()["redirected"] == false);
}

BOOST_FIXTURE_TEST_CASE(a_rule_answers_the_pages_that_it_matches, SimFixture) {
  sim.admin("POST", "/admin/faults",
            R"([{"match":{"domain":"c300*","page":2},"times":2,"answer":{"kind":"fail502"}},
                {"match":{"domain":"c9.sim.test","nth":2},"times":1,
                 "answer":{"status":418,"headers":{"Retry-After":"9","Content-Type":"text/x"},"body":{"errors":[]}}}])");
  BOOST_TEST(search("c300.sim.test", 0).status == 200);
  BOOST_TEST(search("c300.sim.test", 100).status == 502);
  BOOST_TEST(search("c300.sim.test", 100).status == 502);
  BOOST_TEST(search("c300.sim.test", 100).status == 200);
  BOOST_TEST(search("c9.sim.test").status == 200);
  const auto own = search("c9.sim.test");
  BOOST_TEST(own.status == 418);
  BOOST_TEST(own.headers.at("retry-after") == "9");
  BOOST_TEST(own.headers.at("content-type") == "text/x");
  BOOST_TEST(own.body == R"({"errors":[]})");
  BOOST_TEST(search("c9.sim.test").status == 200);
  BOOST_TEST(sim.admin("GET", "/admin/faults")[0]["played"] == 2);
}

BOOST_FIXTURE_TEST_CASE(a_rule_can_spoil_the_account_page_too, SimFixture) {
  sim.admin("POST", "/admin/faults",
            R"({"match":{"path":"/v2/account"},"answer":{"kind":"fail500"}})");
  BOOST_TEST(search("c5.sim.test").status == 200);
  BOOST_TEST(get("/account").status == 500);
  BOOST_TEST(get("/account").status == 200);
}

BOOST_FIXTURE_TEST_CASE(rules_that_are_not_understood_are_refused_as_a_whole, SimFixture) {
  for (const auto* bad :
       {"nonsense", "[]x", R"({"answer":{"kind":"cat"}})", R"({"match":{},"times":1})",
        R"([{"answer":{"kind":"reset"}},{"match":{"colour":1},"answer":{"kind":"reset"}}])",
        R"({"answer":{"status":99}})", R"({"answer":{}})",
        R"({"answer":{"kind":"reset","status":200}})",
        R"({"answer":{"status":200,"headers":{"A":"b\r\nC: d"}}})"})
    BOOST_CHECK_THROW(sim.admin("POST", "/admin/faults", bad), std::runtime_error);
  BOOST_TEST(sim.admin("GET", "/admin/faults").empty());
}

BOOST_FIXTURE_TEST_CASE(faults_with_a_rate_hit_their_share, SimFixture) {
  set(R"({"fault_rates":{"fail503":0.25}})");
  for (int i = 0; i < 400; ++i)
    search("c1-" + std::to_string(i) + ".sim.test");
  const auto hit = stats()["by_status"]["503"].get<int>();
  BOOST_TEST(hit > 60);
  BOOST_TEST(hit < 140);
}

BOOST_AUTO_TEST_SUITE_END()
