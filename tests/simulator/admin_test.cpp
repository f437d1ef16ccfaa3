#include "tests/simulator/sim_client.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

using namespace gleaner::sim;

BOOST_AUTO_TEST_SUITE(simulator_admin)

BOOST_FIXTURE_TEST_CASE(every_call_is_logged_with_what_tests_ask_for, SimFixture) {
  search("C250.sim.test", 100, 50);
  const auto call = last_call();
  BOOST_TEST(call["path"] == "/v2/domain-search");
  BOOST_TEST(call["method"] == "GET");
  BOOST_TEST(call["auth"] == "bearer");
  BOOST_TEST(call["key"] == "**ey");
  BOOST_TEST(call["user_agent"] == "simulator-test/1");
  BOOST_TEST(call["domain"] == "c250.sim.test");
  BOOST_TEST(call["offset"] == 100);
  BOOST_TEST(call["limit"] == 50);
  BOOST_TEST(call["status"] == 200);
  BOOST_TEST(call["credits"] == 5);
  BOOST_TEST(call["bytes"] > 10'000);
  BOOST_TEST(call["ended"] == "served");
  BOOST_TEST(call["wall_ms"] > 1'600'000'000'000);
}

BOOST_FIXTURE_TEST_CASE(no_key_is_ever_shown, SimFixture) {
  key = "a-secret-bearer-key";
  get("/account?x=1&api_key=another-secret-key&y=2");
  get("/account");
  get("/account", {"X-API-KEY: the-third-secret-key"});
  const auto shown = calls().dump() + stats().dump() + sim.admin("GET", "/admin/account").dump();
  BOOST_TEST(shown.find("secret") == std::string::npos);
  BOOST_TEST(calls()[0]["query"] == "x=1&api_key=**ey&y=2");
}

BOOST_FIXTURE_TEST_CASE(stats_count_distinct_and_repeated_pages, SimFixture) {
  search("c250.sim.test", 0);
  search("c250.sim.test", 100);
  search("c250.sim.test", 100);
  get("/account");
  const auto told = stats();
  BOOST_TEST(told["requests"] == 4);
  BOOST_TEST(told["searches"] == 3);
  BOOST_TEST(told["distinct_pages"] == 2);
  BOOST_TEST(told["repeated_pages"] == 1);
  BOOST_TEST(told["by_status"]["200"] == 4);
  BOOST_TEST(told["connections"]["accepted"] == 1); // keep-alive
}

BOOST_AUTO_TEST_CASE(the_log_keeps_the_latest_calls_and_tells_how_many_went) {
  auto options = SimFixture::without_limits();
  options.call_log = 3;
  SimFixture fixture{options};
  for (int i = 0; i < 5; ++i)
    fixture.get("/account?i=" + std::to_string(i));
  const auto all = fixture.calls();
  BOOST_REQUIRE(all.size() == 3u);
  BOOST_TEST(all[0]["query"] == "i=2");
  BOOST_TEST(fixture.stats()["dropped_calls"] == 2);
  BOOST_TEST(fixture.sim.admin("GET", "/admin/calls?since=4").size() == 1u);
  BOOST_TEST(fixture.sim.admin("GET", "/admin/calls?limit=2").size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(calls_can_be_cleared_and_selected_by_domain, SimFixture) {
  search("c1.sim.test");
  search("c2.sim.test");
  BOOST_TEST(sim.admin("GET", "/admin/calls?domain=c2.sim.test").size() == 1u);
  sim.admin("DELETE", "/admin/calls");
  BOOST_TEST(calls().empty());
  BOOST_TEST(stats()["searches"] == 0);
}

BOOST_FIXTURE_TEST_CASE(reset_goes_back_to_the_start, SimFixture) {
  set(R"({"delay_ms":1,"limits":"1/h","gzip":true})");
  sim.admin("POST", "/admin/faults", R"({"answer":{"kind":"reset"}})");
  sim.admin("POST", "/admin/account", R"({"key":"sim-key","level":0,"used":7})");
  sim.admin("POST", "/admin/reset");
  const auto switches = sim.admin("GET", "/admin/switches");
  BOOST_TEST(switches["limits"] == "off");
  BOOST_TEST(switches["delay_ms"] == 0);
  BOOST_TEST(sim.admin("GET", "/admin/faults").empty());
  BOOST_TEST(search("c250.sim.test", 100).status == 200);
}

BOOST_FIXTURE_TEST_CASE(bad_switches_are_refused_with_a_remedy_and_change_nothing, SimFixture) {
  const auto says = [](std::string text) {
    return [text](const std::runtime_error& problem) {
      return std::string{problem.what()}.find(text) != std::string::npos;
    };
  };
  BOOST_CHECK_EXCEPTION(set(R"({"delay_ms":9,"colour":1})"), std::runtime_error,
                        says("throttle_style"));
  BOOST_CHECK_EXCEPTION(set(R"({"quota_style":"430"})"), std::runtime_error, says("restricted"));
  BOOST_CHECK_EXCEPTION(set("[1"), std::runtime_error, says("[1"));
  BOOST_CHECK_EXCEPTION(sim.admin("GET", "/admin/nothing"), std::runtime_error,
                        says("/admin/calls"));
  BOOST_TEST(sim.admin("GET", "/admin/switches")["delay_ms"] == 0);
}

BOOST_FIXTURE_TEST_CASE(pages_can_be_zipped_and_chunked, SimFixture) {
  const auto plain = search("c100.sim.test").body;
  set(R"({"gzip":true,"chunked":true})");
  BOOST_TEST(search("c100.sim.test").body == plain); // nobody asked for gzip
  unzip = true;
  const auto zipped = search("c100.sim.test");
  BOOST_TEST(zipped.headers.at("content-encoding") == "gzip");
  BOOST_TEST(zipped.headers.at("transfer-encoding") == "chunked");
  BOOST_TEST(zipped.body == plain);
  BOOST_TEST(last_call()["bytes"] < plain.size() / 2);
}

BOOST_FIXTURE_TEST_CASE(a_client_that_hangs_up_during_a_delay_is_told_apart, SimFixture) {
  set(R"({"delay_ms":300})");
  timeout_ms = 50;
  BOOST_TEST(search("c1.sim.test").code == CURLE_OPERATION_TIMEDOUT);
  BOOST_TEST(last_call()["ended"] == "aborted");
}

BOOST_AUTO_TEST_CASE(a_taken_port_is_refused_with_a_remedy) {
  HunterSimulator first, second;
  SimulatorOptions options;
  options.port = first.start();
  const auto names_port = [&](const std::runtime_error& problem) {
    return std::string{problem.what()}.find(std::to_string(options.port)) != std::string::npos;
  };
  BOOST_CHECK_EXCEPTION(second.start(options), std::runtime_error, names_port);
}

BOOST_AUTO_TEST_SUITE_END()
