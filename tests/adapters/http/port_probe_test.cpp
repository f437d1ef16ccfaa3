#include "adapters/http/port_probe.hpp"
#include "adapters/http/version_page.hpp"
#include "tests/adapters/http/admin_fixture.hpp"
#include "tests/support/scripted_http.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace gleaner;
using namespace gleaner::http;
using namespace gleaner::test;
using Use = PortProbe::Use;

BOOST_FIXTURE_TEST_SUITE(port_probe, AdminFixture)

BOOST_AUTO_TEST_CASE(a_port_that_nobody_has_is_free_and_stays_so) {
  for (int i = 0; i < 2; ++i)
    BOOST_TEST((probe_port("127.0.0.1:0").use == Use::free));
  start();
  const auto port = "127.0.0.1:" + std::to_string(server->port());
  server.reset();
  BOOST_TEST((probe_port(port).use == Use::free));
  BOOST_TEST((probe_port(port).use == Use::free));
  BOOST_TEST(bool(try_start(port)));
}

BOOST_AUTO_TEST_CASE(a_gleaner_that_runs_is_known_with_its_version) {
  start();
  for (const std::string host : {"127.0.0.1", "localhost"}) {
    const auto probe = probe_port(host + ':' + std::to_string(server->port()));
    BOOST_TEST((probe.use == Use::gleaner), host);
    BOOST_TEST(probe.detail == "1.2.3");
  }
}

BOOST_AUTO_TEST_CASE(another_program_is_told_as_such) {
  ScriptedHttp other{[](const std::string&) { return http_reply("200 OK", R"({"version":"9"})"); }};
  const auto url = other.url();
  const auto address = url.substr(url.find("127.0.0.1"));
  BOOST_TEST((probe_port(address.substr(0, address.find('/'))).use == Use::taken));
}

BOOST_AUTO_TEST_CASE(an_address_that_can_not_be_had_says_why) {
  for (const auto* listen :
       {"192.0.2.1:0", "no-such-host.invalid:9464", "9464", ":9464", "x:", ""}) {
    const auto probe = probe_port(listen);
    BOOST_TEST((probe.use == Use::unusable), listen);
    BOOST_TEST(!probe.detail.empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(version_pages)

BOOST_AUTO_TEST_CASE(a_version_is_read_from_what_tells_it_alone) {
  BOOST_TEST(version_in(version_page("1.2.3")).value_or("") == "1.2.3");
  BOOST_TEST(version_in("HTTP/1.1 200 OK\r\n\r\n" + version_page("1.2.3") + "\n").value_or("") ==
             "1.2.3");
  for (const std::string text :
       {"", "1.2.3", R"({"version":"1.2.3"})", R"({"name":"gleaner","version":")",
        R"({"name":"gleaner","version":"1"} and more)"})
    BOOST_TEST(!version_in(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
