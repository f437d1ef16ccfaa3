#include "adapters/redis/redis_client.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace gleaner;
using namespace gleaner::redis;
using namespace std::chrono_literals;

namespace plaintext {

/// What a call says of that URL; 192.0.2.0 and 2001:db8:: are for documents: nobody is there.
Error failure_of(const std::string& url, const std::string& plaintext = RedisConfig{}.plaintext) {
  RedisConfig config;
  config.url = url;
  config.plaintext = plaintext;
  config.connect_timeout = 50ms;
  RedisClient client{config, ""};
  const auto answer = client.call({"PING"});
  BOOST_REQUIRE(!answer);
  return answer.error();
}

bool is_forbidden(const Error& error) {
  return error.code == Errc::usage && error.detail.find("redis.plaintext") != std::string::npos;
}

} // namespace plaintext

BOOST_AUTO_TEST_SUITE(plaintext)

BOOST_AUTO_TEST_CASE(clear_text_to_a_public_address_must_be_allowed) {
  for (const auto* url : {"redis://:hunter2@192.0.2.1:1", "redis://[2001:db8::1]:1"}) {
    const auto error = failure_of(url);
    BOOST_TEST(is_forbidden(error), url);
    BOOST_TEST(error.detail.find("hunter2") == std::string::npos);
    BOOST_TEST(is_forbidden(failure_of(url, "never")), url);
    BOOST_TEST(!is_forbidden(failure_of(url, "any")), url);
  }
}

BOOST_AUTO_TEST_CASE(a_private_network_may_be_forbidden) {
  BOOST_TEST(!is_forbidden(failure_of("redis://10.255.255.1:1")));
  BOOST_TEST(is_forbidden(failure_of("redis://10.255.255.1:1", "never")));
}

BOOST_AUTO_TEST_CASE(tls_may_lead_anywhere) {
  BOOST_TEST(!is_forbidden(failure_of("rediss://192.0.2.1:1", "never")));
}

BOOST_AUTO_TEST_CASE(this_machine_is_always_within_reach) {
  for (const auto* url : {"redis://127.0.0.1:1", "redis://localhost:1", "unix:///nonexistent"})
    BOOST_TEST(!is_forbidden(failure_of(url, "never")), url);
}

BOOST_AUTO_TEST_SUITE_END()
