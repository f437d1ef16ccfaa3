#include "tests/simulator/accounts.hpp"
#include "tests/simulator/sim_client.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner::sim;

namespace simulator_account {

struct AccountFixture : SimFixture {
  Json change(const std::string& options) {
    return sim.admin("POST", "/admin/account", "{\"key\":\"sim-key\"," + options + "}");
  }
  Json requests() { return get("/account").json()["data"]["requests"]; }
};

} // namespace simulator_account

BOOST_FIXTURE_TEST_SUITE(simulator_account, AccountFixture)

BOOST_AUTO_TEST_CASE(a_search_costs_one_credit_per_ten_rows_once_per_period) {
  search("c95.sim.test");
  BOOST_TEST(requests()["credits"]["used"] == 10);
  search("c95.sim.test");
  BOOST_TEST(requests()["credits"]["used"] == 10);
  BOOST_TEST(calls()[0]["credits"] == 10);
  set(R"({"repeat_free":false})");
  search("c95.sim.test");
  BOOST_TEST(requests()["credits"]["used"] == 20);
  set(R"({"cost":"per-email"})");
  search("c95.sim.test");
  BOOST_TEST(requests()["credits"]["used"] == 115);
  BOOST_TEST(stats()["credits"] == 115);
}

BOOST_AUTO_TEST_CASE(a_page_that_is_too_dear_is_refused_whole) {
  change(R"("available":50,"used":45.5)");
  const auto refused = search("c100.sim.test");
  BOOST_TEST(refused.status == 429);
  BOOST_TEST(refused.error_id() == "too_many_requests");
  BOOST_TEST(refused.details().find("per billing period") != std::string::npos);
  BOOST_TEST(requests()["credits"]["remaining"] == 4.5);
  BOOST_TEST(search("c40.sim.test").status == 200);
  BOOST_TEST(stats()["calls_after_quota"] == 1);
}

BOOST_AUTO_TEST_CASE(used_up_credits_can_be_told_in_other_ways) {
  change(R"("available":3)");
  set(R"({"quota_style":"402"})");
  BOOST_TEST(search("c100.sim.test").status == 402);
  set(R"({"quota_style":"restricted"})");
  BOOST_TEST(search("c100.sim.test").error_id() == "restricted_account");
  set(R"({"quota_style":"partial"})");
  BOOST_TEST(search("c100.sim.test").json()["data"]["emails"].size() == 30u);
  BOOST_TEST(search("c100-b.sim.test").status == 429);
}

BOOST_AUTO_TEST_CASE(a_restricted_account_is_refused_every_search) {
  change(R"("restricted":true)");
  BOOST_TEST(search("c5.sim.test").error_id() == "restricted_account");
  BOOST_TEST(get("/account").status == 200);
}

BOOST_AUTO_TEST_CASE(a_key_can_be_revoked_while_running) {
  change(R"("valid":false)");
  BOOST_TEST(search("c5.sim.test").status == 401);
}

BOOST_AUTO_TEST_CASE(the_period_begins_anew_at_midnight_of_the_reset_date) {
  change(R"("available":10,"used":10)");
  BOOST_TEST(search("c5.sim.test").status == 429);
  const auto reset_date = get("/account").json()["data"]["reset_date"].get<std::string>();
  BOOST_TEST(reset_date == next_month(std::chrono::system_clock::now()));
  sim.admin("POST", "/admin/clock", R"({"advance_s":2764800})"); // 32 days
  BOOST_TEST(search("c5.sim.test").status == 200);
  BOOST_TEST(get("/account").json()["data"]["reset_date"] > reset_date);
}

BOOST_AUTO_TEST_CASE(old_plans_have_two_buckets_and_frozen_ones_are_marked) {
  change(R"("buckets":"two","remaining":false)");
  BOOST_TEST(!requests().contains("credits"));
  BOOST_TEST(!requests()["searches"].contains("remaining"));
  change(R"("frozen":"soft")");
  BOOST_TEST(requests()["searches"]["available"] == 250);
  BOOST_TEST(requests()["verifications"]["available"] == 250);
  change(R"("frozen":"hard")");
  BOOST_TEST(requests()["searches"]["available"] == 0);
}

BOOST_AUTO_TEST_CASE(usage_tells_the_same_without_the_plan) {
  search("c95.sim.test");
  const auto body = get("/usage?show_overage_requests=true").json();
  BOOST_TEST(body["data"]["requests"]["credits"] == requests()["credits"]);
  BOOST_TEST(body["data"]["requests"].contains("over_quota"));
  BOOST_TEST(!body["data"].contains("plan_name"));
}

BOOST_AUTO_TEST_CASE(email_count_is_free_needs_no_key_and_counts_more_than_can_be_had) {
  key.clear();
  const auto body = get("/email-count?domain=c200.sim.test").json();
  BOOST_TEST(body["data"]["total"] == 220);
  BOOST_TEST(
    body["data"]["personal_emails"].get<int>() + body["data"]["generic_emails"].get<int>() == 220);
  BOOST_TEST(body["data"]["department"].size() == 14u);
  BOOST_TEST(get("/email-count").status == 400);
  set(R"({"email_count_needs_key":true})");
  BOOST_TEST(get("/email-count?domain=c200.sim.test").status == 401);
}

BOOST_AUTO_TEST_SUITE_END()
