#include "tests/adapters/hunter/client_fixture.hpp"

#include <string>

using namespace gleaner;
using namespace gleaner::test;

namespace hunter_account {

struct Fixture : ClientFixture {
  Fixture() { config.key = "top-secret-key"; }
};

} // namespace hunter_account

BOOST_FIXTURE_TEST_SUITE(hunter_account, Fixture)

BOOST_AUTO_TEST_CASE(the_state_of_the_account_is_asked_for_once_in_ten_seconds) {
  serve(http_reply("200 OK", R"({"data":{"plan_name":"Free"}})"));
  BOOST_TEST(recent_account()->plan_name == "Free");
  BOOST_TEST(recent_account()->plan_name == "Free");
  BOOST_TEST(server->requests().size() == 1u);
  BOOST_TEST(server->requests().front().starts_with("GET /v2/account HTTP/1.1\r\n"));
}

BOOST_AUTO_TEST_CASE(who_does_not_ask_for_what_was_a_moment_ago_gets_what_is_now) {
  serve([n = 0](const std::string&) mutable {
    return http_reply("200 OK", ++n == 1 ? R"({"data":{"plan_name":"Free"}})"
                                         : R"({"data":{"plan_name":"Growth"}})");
  });
  BOOST_TEST(account()->plan_name == "Free");
  BOOST_TEST(account()->plan_name == "Growth");
  BOOST_TEST(recent_account()->plan_name == "Growth");
  BOOST_TEST(server->requests().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_failed_look_at_the_account_is_not_remembered) {
  serve([n = 0](const std::string&) mutable {
    return ++n == 1 ? http_reply("401 No", R"({"errors":[{"id":"authentication_failed"}]})")
                    : http_reply("200 OK", R"({"data":{"plan_name":"Free"}})");
  });
  const auto refused = recent_account();
  BOOST_REQUIRE(!bool(refused));
  BOOST_TEST((refused.error().code == Errc::key_rejected));
  BOOST_TEST(refused.error().detail.find("top-secret-key") == std::string::npos);
  BOOST_TEST(recent_account()->plan_name == "Free");
}

BOOST_AUTO_TEST_CASE(a_search_that_is_refused_ends_what_was_known_of_the_account) {
  serve([n = 0](const std::string&) mutable {
    return ++n == 1 ? http_reply("200 OK", R"({"data":{"plan_name":"Free"}})")
                    : http_reply("401 No", R"({"errors":[{"id":"authentication_failed"}]})");
  });
  BOOST_TEST(recent_account()->plan_name == "Free");
  BOOST_TEST(search().status == 401);
  BOOST_REQUIRE(!bool(recent_account()));
  BOOST_TEST((recent_account().error().code == Errc::key_rejected));
}

BOOST_AUTO_TEST_SUITE_END()
