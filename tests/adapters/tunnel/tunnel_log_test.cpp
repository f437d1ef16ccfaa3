#include "adapters/tunnel/tunnel.hpp"
#include "adapters/tunnel/tunnel_log.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace gleaner::tunnel;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(tunnel_log)

BOOST_AUTO_TEST_CASE(lines_tell_of_ports_and_problems) {
  const auto bound =
    read_line("2026.11.27 20:40:47 LOG6[ui]: Service [cluster] (FD=3) bound to 127.0.0.1:33037");
  BOOST_TEST(!bound.is_problem);
  BOOST_TEST(bound.port.value_or(0) == 33037);
  const auto v6 =
    read_line("2026.11.27 20:40:47 LOG6[ui]: Service [cluster] (FD=3) bound to ::1:80");
  BOOST_TEST(v6.port.value_or(0) == 80);
  const auto refused = read_line("2026.11.27 20:40:47 LOG3[12]: SSL_accept: wrong version number");
  BOOST_TEST(refused.is_problem);
  BOOST_TEST(refused.text == "SSL_accept: wrong version number");
  BOOST_TEST(!refused.port);
  BOOST_TEST(read_line("2026.11.27 20:40:47 LOG4[0]: CERT: x").is_problem);
  BOOST_TEST(!read_line("2026.11.27 20:40:47 LOG5[ui]: Configuration successful").is_problem);
}

BOOST_AUTO_TEST_CASE(a_start_that_fails_is_told_in_another_form) {
  const auto taken =
    read_line("[.] Binding service [cluster] to 127.0.0.1:36779: Address already in use (98)");
  BOOST_TEST(taken.is_problem);
  BOOST_TEST(!taken.port);
  BOOST_TEST(read_line("[!] Configuration failed").text == "Configuration failed");
  BOOST_TEST(!read_line("[ ] Initializing service [cluster]").is_problem);
}

BOOST_AUTO_TEST_CASE(lines_of_another_kind_tell_nothing) {
  for (const auto* line :
       {"", "]: ", " LOG", " LOG]: ", "bound to", "a: bound to 1:70000", " LOG6[ui]: bound to x:y",
        "\xff\xfe", " LOG6[3]: Service [cluster] (FD=3) bound to 0.0.0.0:6666",
        " LOG6[ui]: Service [cluster] (FD=3) accepted bound to 0.0.0.0:6666",
        " LOG6[ui]: CERT: subject CN=Service [cluster] (FD=3) bound to 1:6666"}) {
    BOOST_TEST(!read_line(line).port, line);
    BOOST_TEST(!read_line(line).is_problem, line);
  }
  BOOST_TEST(
    !read_line(" LOG4[3]: CERT: Rejected by CERT at depth=0: CN=evil bound to 0.0.0.0:6666").port);
}

BOOST_AUTO_TEST_CASE(a_flood_of_problems_is_told_once_in_ten_seconds) {
  std::vector<std::string> told;
  TunnelReports reports{[&](const std::string& problem) { told.push_back(problem); }};
  const TunnelReports::Time start{};
  reports.problem("first", start);
  for (int i = 0; i < 1000; ++i)
    reports.problem("again", start + 1s);
  reports.problem("later", start + 10s);
  BOOST_REQUIRE(told.size() == 2u);
  BOOST_TEST(told[0] == "first");
  BOOST_TEST(told[1] == "later (and 1000 more like it since the last)");
}

BOOST_AUTO_TEST_CASE(a_peer_of_a_client_is_checked_by_name_or_by_address) {
  TunnelConfig config{TunnelConfig::End::client, "127.0.0.1:0", "node.internal:9470", {}};
  BOOST_TEST(stunnel_configuration(config).find("checkHost = node.internal\n") !=
             std::string::npos);
  config.connect = "10.0.0.5:9470";
  BOOST_TEST(stunnel_configuration(config).find("checkIP = 10.0.0.5\n") != std::string::npos);
  config.end = TunnelConfig::End::server;
  BOOST_TEST(stunnel_configuration(config).find("requireCert = yes\n") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
