#include "adapters/redis/redis_url.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace gleaner::redis;

BOOST_AUTO_TEST_SUITE(redis_url)

BOOST_AUTO_TEST_CASE(all_parts_of_a_tcp_url_are_read) {
  const auto address = parse_redis_url("redis://ann:p%40ss%3Aw@cache.test:6380/3");
  BOOST_REQUIRE(bool(address));
  BOOST_TEST(address->host == "cache.test");
  BOOST_TEST(address->port == 6380);
  BOOST_TEST(address->user == "ann");
  BOOST_TEST(address->password == "p@ss:w");
  BOOST_TEST(address->database == 3);
}

BOOST_AUTO_TEST_CASE(what_is_left_out_has_its_default) {
  const auto address = parse_redis_url("redis://");
  BOOST_REQUIRE(bool(address));
  BOOST_TEST(address->host == "127.0.0.1");
  BOOST_TEST(address->port == 6379);
  BOOST_TEST(address->database == 0);
  BOOST_TEST(parse_redis_url("redis://:secret@h")->password == "secret");
  BOOST_TEST(parse_redis_url("redis://h/")->database == 0);
  BOOST_TEST(parse_redis_url("redis://[::1]:7000")->host == "::1");
  BOOST_TEST(parse_redis_url("redis://h:7000?family=4")->port == 7000);
}

BOOST_AUTO_TEST_CASE(a_tls_url_has_the_same_parts) {
  const auto address = parse_redis_url("rediss://default:a%2Fb@[2001:db8::1]:6380/2");
  BOOST_REQUIRE(bool(address));
  BOOST_TEST(address->tls);
  BOOST_TEST(address->host == "2001:db8::1");
  BOOST_TEST(address->port == 6380);
  BOOST_TEST(address->user == "default");
  BOOST_TEST(address->password == "a/b");
  BOOST_TEST(address->database == 2);
  BOOST_TEST(!parse_redis_url("redis://h")->tls);
}

BOOST_AUTO_TEST_CASE(a_unix_url_names_a_path_and_maybe_a_database) {
  const auto address = parse_redis_url("unix:///run/redis.sock?db=2");
  BOOST_REQUIRE(bool(address));
  BOOST_TEST(address->socket_path == "/run/redis.sock");
  BOOST_TEST(address->database == 2);
}

BOOST_AUTO_TEST_CASE(the_path_of_a_unix_url_may_hold_coded_characters) {
  const auto address = parse_redis_url("unix:///home/me%40work/why%3F/50%25/redis.sock?db=2");
  BOOST_REQUIRE(bool(address));
  BOOST_TEST(address->socket_path == "/home/me@work/why?/50%/redis.sock");
  BOOST_TEST(address->user == "");
  BOOST_TEST(address->database == 2);
}

BOOST_AUTO_TEST_CASE(other_urls_are_refused_without_showing_the_password) {
  for (const auto* url :
       {"", "localhost:6379", "http://h:6379", "rediss://:hunter2@h:0", "redis://:hunter2@h:0",
        "redis://:hunter2@h:99999", "redis://:hunter2@h:port", "redis://:hunter2@h/one",
        "unix://relative", "unix:///s?database=1"}) {
    const auto address = parse_redis_url(url);
    BOOST_TEST_CONTEXT(url) {
      BOOST_REQUIRE(!bool(address));
      BOOST_TEST((address.error().code == Errc::usage));
      BOOST_TEST(address.error().detail.find("hunter2") == std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(https_is_the_rest_form) {
  BOOST_TEST(parse_redis_url("https://name.upstash.io/")->rest_base == "https://name.upstash.io");
  BOOST_TEST(parse_redis_url("http://127.0.0.1:8079")->rest_base == "http://127.0.0.1:8079");
  BOOST_TEST(is_rest_url("https://name.upstash.io"));
  for (const auto* other : {"redis://h", "rediss://h", "unix:///s", ""})
    BOOST_TEST(!is_rest_url(other));
}

BOOST_AUTO_TEST_CASE(the_rest_form_takes_a_server_and_nothing_else) {
  for (const auto* url : {"https://", "https://:token@name.upstash.io", "http://name.upstash.io",
                          "https://name.upstash.io?_token=x", "http://127.0.0.1.evil.test"})
    BOOST_TEST(!bool(parse_redis_url(url)), url);
}

BOOST_AUTO_TEST_SUITE_END()
