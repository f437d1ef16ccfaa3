#include "adapters/address/ip_address.hpp"

#include <arpa/inet.h>
#include <boost/test/unit_test.hpp>
#include <netinet/in.h>
#include <sys/socket.h>

#include <string>

using namespace gleaner::address;

namespace ip_address {

/// What `judge` says of the address written as `text`.
template <class Judge>
auto judged(const std::string& text, Judge judge) {
  sockaddr_storage storage{};
  auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
  const bool is_v4 = inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1;
  BOOST_REQUIRE((is_v4 || inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1));
  storage.ss_family = is_v4 ? AF_INET : AF_INET6;
  return judge(*reinterpret_cast<const sockaddr*>(&storage));
}

} // namespace ip_address

BOOST_AUTO_TEST_SUITE(ip_address)

BOOST_AUTO_TEST_CASE(addresses_of_the_internet_are_public) {
  for (const auto* text :
       {"1.1.1.1",          "9.255.255.255",   "11.0.0.0",       "100.63.255.255",
        "100.128.0.0",      "126.255.255.255", "128.0.0.1",      "169.253.255.255",
        "169.255.0.0",      "172.15.255.255",  "172.32.0.0",     "192.0.1.0",
        "192.167.255.255",  "192.169.0.0",     "198.17.255.255", "198.20.0.0",
        "223.255.255.255",  "2606:4700::1111", "2a00:1450::1",   "::ffff:1.1.1.1",
        "64:ff9b::1.1.1.1", "2002:101:101::"})
    BOOST_TEST(judged(text, is_public), text);
}

BOOST_AUTO_TEST_CASE(all_others_are_not_however_they_are_written) {
  for (const auto* text : {"0.0.0.0",
                           "0.1.2.3",
                           "10.0.0.0",
                           "10.255.255.255",
                           "100.64.0.0",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.255.255.255",
                           "169.254.0.0",
                           "169.254.169.254",
                           "172.16.0.0",
                           "172.31.255.255",
                           "192.0.0.8",
                           "192.168.0.0",
                           "192.168.255.255",
                           "198.18.0.0",
                           "198.19.255.255",
                           "224.0.0.1",
                           "240.0.0.0",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::127.0.0.1",
                           "::ffff:127.0.0.1",
                           "::ffff:169.254.169.254",
                           "64:ff9b::10.0.0.1",
                           "2002:7f00:1::",
                           "2002:a9fe:a9fe::",
                           "fc00::1",
                           "fd00:ec2::254",
                           "fe80::1",
                           "febf::1",
                           "fec0::1",
                           "ff02::1"})
    BOOST_TEST(!judged(text, is_public), text);
}

BOOST_AUTO_TEST_CASE(what_is_no_internet_address_is_not_public) {
  sockaddr local{};
  local.sa_family = AF_UNIX;
  BOOST_TEST(!is_public(local));
}

BOOST_AUTO_TEST_CASE(an_address_is_told_as_people_write_it) {
  for (const auto* text : {"169.254.169.254", "::1", "2606:4700::1111"})
    BOOST_TEST(judged(text, [](const sockaddr& address) { return to_text(address); }) == text);
}

BOOST_AUTO_TEST_CASE(only_this_machine_is_loopback) {
  for (const auto* text : {"127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"})
    BOOST_TEST(judged(text, is_loopback), text);
  for (const auto* text : {"126.255.255.255", "128.0.0.0", "10.0.0.1", "0.0.0.0", "::", "::2",
                           "::ffff:10.0.0.1", "fe80::1", "2606:4700::1111"})
    BOOST_TEST(!judged(text, is_loopback), text);
  sockaddr local{};
  local.sa_family = AF_UNIX;
  BOOST_TEST(!is_loopback(local));
}

BOOST_AUTO_TEST_SUITE_END()
