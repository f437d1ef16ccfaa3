#include "tests/simulator/sim_client.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace gleaner::sim;

namespace simulator_search {

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [name, value] : object.items())
    keys.push_back(name);
  return keys;
}

std::size_t rows(const Got& got) {
  return got.emails().size();
}

using Names = std::vector<std::string>;

} // namespace simulator_search

BOOST_AUTO_TEST_SUITE(simulator_search)

BOOST_FIXTURE_TEST_CASE(the_keys_stand_in_the_order_of_the_official_fixture, SimFixture) {
  const auto body = search("c250.sim.test").json();
  BOOST_TEST(keys_of(body) == (Names{"data", "meta"}), boost::test_tools::per_element());
  const Names data{"domain",  "disposable",   "webmail",        "accept_all",
                   "pattern", "organization", "linked_domains", "emails"};
  BOOST_TEST(keys_of(body["data"]) == data, boost::test_tools::per_element());
  const Names email{"value",     "type",     "confidence",   "sources",     "first_name",
                    "last_name", "position", "position_raw", "seniority",   "department",
                    "linkedin",  "twitter",  "phone_number", "verification"};
  for (const auto& entry : body["data"]["emails"]) {
    BOOST_TEST(keys_of(entry) == email, boost::test_tools::per_element());
    BOOST_TEST(keys_of(entry["verification"]) == (Names{"date", "status"}),
               boost::test_tools::per_element());
  }
  const Names params{"domain", "company", "type", "seniority", "department"};
  BOOST_TEST(keys_of(body["meta"]["params"]) == params, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(pages_follow_one_another_up_to_the_total, SimFixture) {
  std::set<std::string> seen;
  for (std::uint32_t offset = 0; offset < 300; offset += 100) {
    const auto body = search("c250-x.sim.test", offset).json();
    BOOST_TEST(body["meta"]["results"] == 250);
    BOOST_TEST(body["meta"]["offset"] == offset);
    for (const auto& entry : body["data"]["emails"])
      seen.insert(entry["value"].get<std::string>());
  }
  BOOST_TEST(seen.size() == 250u);
}

BOOST_FIXTURE_TEST_CASE(past_the_end_and_nobody_are_empty_pages_for_nothing, SimFixture) {
  BOOST_TEST(rows(search("c5.sim.test", 5)) == 0u);
  for (const auto* domain : {"empty.sim.test", "unknown-1.sim.test", "gmail.com", "nodot"}) {
    const auto body = search(domain).json();
    BOOST_TEST(body["data"]["emails"].empty());
    BOOST_TEST(body["meta"]["results"] == 0);
    BOOST_TEST(body["data"]["domain"] == domain);
    BOOST_TEST(body["data"]["organization"].is_null());
  }
  BOOST_TEST(search("webmail-a.sim.test").json()["data"]["webmail"] == true);
  BOOST_TEST(stats()["credits"] == 0);
}

BOOST_FIXTURE_TEST_CASE(limit_and_offset_are_checked, SimFixture) {
  const std::string positive = "The parameter 'limit' should be a positive integer.";
  for (const auto* limit : {"0", "-1", "ten", "%2210%22", "1.5"})
    BOOST_TEST(get(std::string{"/domain-search?domain=a.test&limit="} + limit).details() ==
               positive);
  const auto large = get("/domain-search?domain=a.test&limit=101");
  BOOST_TEST(large.status == 400);
  BOOST_TEST(large.error_id() == "pagination_error");
  BOOST_TEST(large.details() == "The parameter 'limit' should range between 1 and 100.");
  BOOST_TEST(get("/domain-search?domain=a.test&offset=-1").error_id() == "pagination_error");
  BOOST_TEST(get("/domain-search?limit=1").error_id() == "wrong_params");
  BOOST_TEST(rows(get("/domain-search?domain=c50.sim.test")) == 10u);
}

BOOST_FIXTURE_TEST_CASE(the_free_plan_refuses_more_than_ten_addresses, SimFixture) {
  sim.admin("POST", "/admin/account", R"({"key":"sim-key","level":0})");
  BOOST_TEST(rows(search("c50.sim.test", 0, 10)) == 10u);
  const auto refused = search("c50.sim.test", 5, 10);
  BOOST_TEST(refused.status == 400);
  BOOST_TEST(refused.error_id() == "pagination_error");
  BOOST_TEST(refused.details() ==
             "The search results are limited to 10 email addresses on your current plan.");
  set(R"({"plan_level":3,"plan_cap":25})");
  BOOST_TEST(search("c50.sim.test", 0, 25).status == 200);
  BOOST_TEST(search("c50.sim.test", 25, 25).status == 400);
  set(R"({"plan_cap":0})");
  BOOST_TEST(search("plan10-c50.sim.test", 0, 11).status == 400);
}

BOOST_FIXTURE_TEST_CASE(filters_select_and_unknown_values_are_ignored_unless_strict, SimFixture) {
  const auto total = [&](const std::string& more) {
    return search("c300.sim.test", 0, 100, more).json()["meta"]["results"].get<int>();
  };
  const auto generic = total("&type=generic");
  BOOST_TEST(generic > 0);
  BOOST_TEST(generic + total("&type=personal") == 300);
  for (const auto& entry :
       search("c300.sim.test", 0, 100, "&department=it,sales&required_field=position").emails()) {
    BOOST_TEST((entry["department"] == "it" || entry["department"] == "sales"));
    BOOST_TEST(!entry["position"].is_null());
  }
  BOOST_TEST(total("&seniority=junior,wizard") == total("&seniority=junior"));
  BOOST_TEST(search("c9.sim.test", 0, 1, "&seniority=wizard").error_id() == "invalid_seniority");
  BOOST_TEST(search("c9.sim.test", 0, 1, "&department=x").error_id() == "invalid_department");
  set(R"({"strict_filters":true})");
  BOOST_TEST(search("c9.sim.test", 0, 1, "&seniority=junior,wizard").status == 400);
}

BOOST_FIXTURE_TEST_CASE(domains_are_case_insensitive_and_companies_are_resolved, SimFixture) {
  BOOST_TEST(search("C5.Sim.TEST").emails() == search("c5.sim.test").emails());
  const auto body = get("/domain-search?company=C7").json();
  BOOST_TEST(body["data"]["domain"] == "c7.sim.test");
  BOOST_TEST(body["meta"]["params"]["company"] == "C7");
  BOOST_TEST(body["meta"]["results"] == 7);
}

BOOST_FIXTURE_TEST_CASE(switches_change_the_shape_of_a_page, SimFixture) {
  set(R"({"legacy_fields":true,"decision_maker":true,"extra_keys":true,"null_domain":true})");
  const auto data = search("c30.sim.test").json()["data"];
  BOOST_TEST(data.contains("country"));
  BOOST_TEST(keys_of(data).back() == "linked_domains");
  BOOST_TEST(data.contains("beta_profile"));
  BOOST_TEST(data["emails"][0].contains("decision_maker"));
  BOOST_TEST(search("empty.sim.test").json()["data"]["domain"].is_null());
  set(R"({"nulls":"all"})");
  for (const auto& entry : search("c30.sim.test").emails())
    BOOST_TEST((entry["first_name"].is_null() && entry["verification"]["status"].is_null()));
}

BOOST_FIXTURE_TEST_CASE(pages_can_drift_repeat_and_run_short, SimFixture) {
  BOOST_TEST(search("drift-c250.sim.test", 0).json()["meta"]["results"] == 250);
  const auto drifted = search("drift-c250.sim.test", 100).json()["meta"]["results"].get<int>();
  BOOST_TEST(drifted != 250);
  BOOST_TEST(std::abs(drifted - 250) <= 3);
  BOOST_TEST(rows(search("short-c250.sim.test", 0)) == 93u);
  std::set<std::string> seen;
  for (std::uint32_t offset = 0; offset < 250; offset += 100)
    for (const auto& entry : search("dups-c250.sim.test", offset).emails())
      seen.insert(entry["value"].get<std::string>());
  BOOST_TEST(seen.size() == 235u);
}

BOOST_AUTO_TEST_SUITE_END()
