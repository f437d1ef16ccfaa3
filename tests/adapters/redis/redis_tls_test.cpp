#include "adapters/redis/redis_client.hpp"
#include "tests/support/localhost.hpp"
#include "tests/support/redis_fixture.hpp"
#include "tests/support/tls_redis.hpp"

#include <future>
#include <memory>
#include <optional>

using namespace gleaner;
using namespace gleaner::redis;
using namespace gleaner::test;
using namespace std::chrono_literals;

namespace redis_tls {

const std::vector<std::string> no_client_certificate{"--tls-auth-clients", "no"};

/// One folder of certificates and one good server for all cases.
struct Shared {
  CertificateFolder files;
  std::optional<TlsRedis> server;
  Shared() {
    files.make("good", "IP:127.0.0.1,DNS:localhost");
    files.make("client", "DNS:client");
    server.emplace(files, "good", no_client_certificate);
  }
};

Shared& shared() {
  static Shared all;
  return all;
}

struct Fixture {
  CertificateFolder& files = shared().files;
  RedisConfig config;

  Fixture() { lead_to(shared().server->port); }

  void lead_to(int port, const std::string& host = "127.0.0.1") {
    config.url = "rediss://" + host + ':' + std::to_string(port);
    config.tls_ca = files.path("ca.pem");
  }

  /// The error of a PING; it must name `words`.
  void expect_refused(Errc code, std::initializer_list<const char*> words) {
    RedisClient client{config, ""};
    const auto got = client.call({"PING"});
    BOOST_REQUIRE(!bool(got));
    BOOST_TEST((got.error().code == code), got.error().detail);
    for (const auto* word : words)
      BOOST_TEST(got.error().detail.find(word) != std::string::npos,
                 got.error().detail << " lacks " << word);
  }
};

} // namespace redis_tls

BOOST_FIXTURE_TEST_SUITE(redis_tls, Fixture)

BOOST_AUTO_TEST_CASE(values_go_and_come_over_tls) {
  RedisClient client{config, "tester"};
  const std::string large(3 << 20, 'x'); // more than sockets hold, and many records
  BOOST_REQUIRE(bool(client.call({"SET", "k", large})));
  const auto got = client.call({"GET", "k"});
  BOOST_REQUIRE(bool(got));
  BOOST_TEST((got->text == large));
  BOOST_TEST(client.call({"CLIENT", "GETNAME"})->text == "tester");
}

BOOST_AUTO_TEST_CASE(many_commands_share_a_tls_connection_in_order) {
  RedisClient client{config, ""};
  BOOST_REQUIRE(bool(client.call({"DEL", "n"})));
  constexpr std::int64_t count = 20000;
  std::int64_t in_order = 0;
  std::promise<void> last;
  for (std::int64_t i = 1; i <= count; ++i)
    client.submit({"INCR", "n"}, [&, i](const Result<RedisValue>& value) {
      in_order += value && value->integer == i ? 1 : 0;
      if (i == count)
        last.set_value();
    });
  last.get_future().get();
  BOOST_TEST(in_order == count);
}

BOOST_AUTO_TEST_CASE(user_password_and_database_work_over_tls) {
  {
    RedisClient owner{config, ""};
    BOOST_REQUIRE(bool(owner.call({"ACL", "SETUSER", "ann", "on", ">p@ss:w/", "~*", "+@all"})));
  }
  config.url =
    "rediss://ann:p%40ss%3Aw%2F@127.0.0.1:" + std::to_string(shared().server->port) + "/3";
  RedisClient ann{config, ""};
  const auto me = ann.call({"ACL", "WHOAMI"});
  BOOST_REQUIRE(bool(me));
  BOOST_TEST(me->text == "ann");
  const auto info = ann.call({"CLIENT", "INFO"});
  BOOST_REQUIRE(bool(info));
  BOOST_TEST(info->text.find(" db=3 ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_ca_that_is_not_known_is_refused) {
  config.tls_ca = files.path("other-ca.pem");
  expect_refused(Errc::redis_refused, {"unknown CA", "redis.tls_ca", "127.0.0.1"});
  config.tls_ca.clear(); // the system's
  expect_refused(Errc::redis_refused, {"unknown CA", "redis.tls_ca"});
}

BOOST_AUTO_TEST_CASE(a_certificate_for_another_name_is_refused) {
  files.make("elsewhere", "DNS:elsewhere.test,IP:127.0.0.9");
  const TlsRedis server{files, "elsewhere", no_client_certificate};
  lead_to(server.port);
  expect_refused(Errc::redis_refused, {"another name", "redis.tls_server_name"});
  config.tls_server_name = "elsewhere.test";
  RedisClient client{config, ""};
  BOOST_TEST(bool(client.call({"PING"})));
}

BOOST_AUTO_TEST_CASE(the_url_s_host_name_is_the_name_that_counts,
                     *boost::unit_test::precondition(knows_localhost)) {
  lead_to(shared().server->port, "localhost");
  RedisClient client{config, ""};
  BOOST_TEST(bool(client.call({"PING"})));
  files.make("somewhere", "DNS:somewhere.test,IP:127.0.0.1");
  const TlsRedis server{files, "somewhere", no_client_certificate};
  lead_to(server.port, "localhost");
  expect_refused(Errc::redis_refused, {"another name", "localhost"});
}

BOOST_AUTO_TEST_CASE(an_expired_certificate_is_refused) {
  files.make("expired", "IP:127.0.0.1", -1);
  const TlsRedis server{files, "expired", no_client_certificate};
  lead_to(server.port);
  expect_refused(Errc::redis_refused, {"expired"});
}

BOOST_AUTO_TEST_CASE(a_server_that_asks_for_a_client_certificate_gets_it) {
  const TlsRedis server{files, "good"};
  lead_to(server.port);
  expect_refused(Errc::redis_denied, {"client certificate", "redis.tls_cert", "redis.tls_key"});
  config.tls_cert = files.path("client.pem");
  config.tls_key = files.path("client.key");
  RedisClient client{config, ""};
  BOOST_TEST(bool(client.call({"PING"})));
}

BOOST_AUTO_TEST_CASE(a_tls_1_2_server_that_asks_for_a_client_certificate_gets_it) {
  const TlsRedis server{files, "good", {"--tls-protocols", "TLSv1.2"}};
  lead_to(server.port);
  expect_refused(Errc::redis_denied, {"client certificate"});
  config.tls_cert = files.path("client.pem");
  config.tls_key = files.path("client.key");
  RedisClient client{config, ""};
  BOOST_TEST(bool(client.call({"PING"})));
}

BOOST_AUTO_TEST_CASE(a_client_certificate_of_another_ca_is_refused_by_the_server) {
  files.make("stranger", "DNS:client", 2, "other-ca");
  const TlsRedis server{files, "good"};
  lead_to(server.port);
  config.tls_cert = files.path("stranger.pem");
  config.tls_key = files.path("stranger.key");
  expect_refused(Errc::redis_denied, {"refuses our client certificate", "redis.tls_cert"});
}

BOOST_AUTO_TEST_CASE(a_server_that_speaks_only_old_tls_is_refused) {
  const TlsRedis server{
    files,
    "good",
    {"--tls-auth-clients", "no", "--tls-protocols", "TLSv1.1", "--tls-ciphers", "ALL:@SECLEVEL=0"}};
  lead_to(server.port);
  expect_refused(Errc::redis_refused, {"TLS 1.2"});
}

BOOST_AUTO_TEST_CASE(files_that_can_not_be_used_are_named) {
  config.tls_ca = files.path("none.pem");
  expect_refused(Errc::usage, {"redis.tls_ca", "none.pem", "No such file"});
  config.tls_ca = files.path("ca.key");
  expect_refused(Errc::usage, {"redis.tls_ca", "ca.key", "CA certificate"});
  config.tls_ca = files.path("ca.pem");
  config.tls_cert = files.path("client.pem");
  config.tls_key = files.path("good.key");
  expect_refused(Errc::usage, {"redis.tls_key", "good.key"});
}

BOOST_AUTO_TEST_CASE(a_tls_server_spoken_to_in_clear_is_recognised) {
  config.url = "redis://127.0.0.1:" + std::to_string(shared().server->port);
  expect_refused(Errc::redis_unavailable, {"rediss://"});
}

BOOST_AUTO_TEST_CASE(a_server_without_tls_is_recognised) {
  const TlsRedis plain{files, ""};
  lead_to(plain.port);
  config.connect_timeout = 300ms;
  // It complains about the handshake when that holds an end of line by chance; else it is silent.
  RedisClient client{config, ""};
  const auto got = client.call({"PING"});
  BOOST_REQUIRE(!bool(got));
  BOOST_TEST(got.error().detail.find("speaks no TLS") != std::string::npos, got.error().detail);
  BOOST_TEST(got.error().detail.find("redis://") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
