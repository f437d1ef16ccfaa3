#include "tests/adapters/http/admin_fixture.hpp"
#include "tests/support/localhost.hpp"
#include "tests/support/print_error.hpp"

#include <civetweb.h>

#include <chrono>

using namespace gleaner;
using namespace gleaner::test;

namespace admin_listening {

/// Whether the HTTP library knows IPv6: Debian 12's does not.
boost::test_tools::assertion_result has_ipv6(boost::unit_test::test_unit_id) {
  return mg_check_feature(MG_FEATURES_IPV6) != 0;
}
boost::test_tools::assertion_result lacks_ipv6(boost::unit_test::test_unit_id) {
  return mg_check_feature(MG_FEATURES_IPV6) == 0;
}

} // namespace admin_listening

BOOST_FIXTURE_TEST_SUITE(admin_listening, AdminFixture)

BOOST_AUTO_TEST_CASE(port_0_picks_a_free_port_and_names_it) {
  start();
  BOOST_TEST(server->port() > 0);
  AdminFixture other;
  other.start();
  BOOST_TEST(other.server->port() != server->port());
  BOOST_TEST(other.get("/livez").status == 200);
  BOOST_TEST(get("/livez").status == 200);
}

BOOST_AUTO_TEST_CASE(a_taken_port_is_refused_with_its_address_and_the_remedy) {
  start();
  const auto taken = "127.0.0.1:" + std::to_string(server->port());
  AdminFixture second;
  const auto refused = second.try_start(taken);
  BOOST_REQUIRE(!bool(refused));
  BOOST_TEST(refused.error().code == Errc::usage);
  BOOST_TEST(refused.error().detail.find(taken) != std::string::npos);
  BOOST_TEST(refused.error().detail.find("http.listen") != std::string::npos);
  BOOST_TEST(get("/livez").status == 200);
}

BOOST_AUTO_TEST_CASE(the_port_is_free_again_afterwards) {
  start();
  const auto address = "127.0.0.1:" + std::to_string(server->port());
  get("/livez");
  server.reset();
  AdminFixture next;
  next.start(address);
  BOOST_TEST(next.get("/livez").status == 200);
}

BOOST_AUTO_TEST_CASE(an_idle_listener_ends_at_once) {
  for (const auto* listen : {"127.0.0.1:0", "0.0.0.0:0"}) {
    start(listen);
    get("/livez");
    const auto begin = std::chrono::steady_clock::now();
    server.reset();
    BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds{1}));
  }
}

BOOST_AUTO_TEST_CASE(an_address_that_is_none_is_refused) {
  for (const auto* listen :
       {"", "nonsense", "127.0.0.1", "127.0.0.1:", "127.0.0.1:port", "127.0.0.1:65536",
        "127.0.0.1:-1", "192.0.2.1:0", "300.0.0.1:0", "[::1:0", "127.0.0.1:0,127.0.0.1:0",
        "127.0.0.1:0s", "0", ":0", "+0"}) {
    BOOST_TEST_CONTEXT("'" << listen << "'") {
      AdminFixture fixture;
      const auto refused = fixture.try_start(listen);
      BOOST_TEST(!bool(refused));
      if (refused)
        continue;
      BOOST_TEST(refused.error().code == Errc::usage);
      BOOST_TEST(refused.error().detail.find(listen) != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_host_name_may_be_listened_on,
                     *boost::unit_test::precondition(knows_localhost)) {
  start("localhost:0");
  BOOST_TEST(get("/livez").status == 200);
}

BOOST_AUTO_TEST_CASE(an_ipv6_address_may_be_listened_on,
                     *boost::unit_test::precondition(has_ipv6)) {
  start("[::1]:0");
  BOOST_TEST(ask("GET", "/livez", AF_INET6).status == 200);
  BOOST_TEST(!RawPeer{server->port()}.connected);
}

BOOST_AUTO_TEST_CASE(without_ipv6_such_an_address_is_refused_as_that,
                     *boost::unit_test::precondition(lacks_ipv6)) {
  const auto refused = try_start("[::1]:0");
  BOOST_REQUIRE(!bool(refused));
  BOOST_TEST(refused.error().code == Errc::usage);
  BOOST_TEST(refused.error().detail.find("[::1]:0: the HTTP library was built without IPv6") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(only_the_address_itself_is_listened_on) {
  start("127.0.0.2:0"); // all of 127/8 is loopback
  BOOST_TEST(!RawPeer{server->port()}.connected);
  BOOST_TEST((!RawPeer{server->port(), AF_INET6}.connected));
}

BOOST_AUTO_TEST_CASE(stopping_waits_for_no_client) {
  start();
  RawPeer mute{server->port()};
  RawPeer half{server->port()};
  half.say("GET /metrics HTTP/1.1\r\nHost: lo");
  RawPeer slow{server->port()};
  slow.say("POST /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nten bytes.");
  BOOST_TEST((mute.connected && half.connected && slow.connected));
  BOOST_TEST(get("/livez").status == 200); // all were accepted: connections come in order
  server.reset();
  mute.hear();
  BOOST_TEST(mute.hung_up);
  half.hear();
  BOOST_TEST(half.hung_up);
}

BOOST_AUTO_TEST_CASE(idle_clients_keep_nobody_out_for_long) {
  start();
  RawPeer one{server->port()}, two{server->port()}, three{server->port()}, four{server->port()};
  BOOST_TEST(get("/livez").status == 200);
  one.hear();
  BOOST_TEST(one.hung_up);
}

BOOST_AUTO_TEST_SUITE_END()
