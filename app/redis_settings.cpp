#include "app/setting_kinds.hpp"
#include "app/setting_table.hpp"

namespace gleaner {

namespace {

using namespace setting_kinds;
using std::chrono::milliseconds;
using std::chrono::minutes;

std::vector<Setting> tls_settings() {
  return {
    file(
      {"redis.tls_ca",
       "--redis-tls-ca",
       {},
       "CAs that may sign Redis's certificate; else the "
       "system's"},
      "PEM", [](Config & c) -> auto& { return c.redis.tls_ca; }),
    file(
      {"redis.tls_cert", "--redis-tls-cert", {}, "Client certificate for Redis"}, "PEM",
      [](Config & c) -> auto& { return c.redis.tls_cert; }),
    file(
      {"redis.tls_key", "--redis-tls-key", {}, "Key of the client certificate"}, "PEM",
      [](Config & c) -> auto& { return c.redis.tls_key; }),
    text(
      {"redis.tls_server_name",
       "--redis-tls-server-name",
       {},
       "Name that Redis's certificate must have; else the host's"},
      "a host name, or nothing", [](Config & c) -> auto& { return c.redis.tls_server_name; },
      [](Text name) { return name.empty() || is_plain_name(name); }),
  };
}

} // namespace

std::vector<Setting> redis_settings() {
  std::vector<Setting> all;
  all.push_back(text(
    {"redis.url",
     "",
     {"REDIS_URL", "UPSTASH_REDIS_REST_URL"},
     "Redis server; without it `gleaner run` starts a private one"},
    "redis://[user:password@]host[:port][/database], rediss:// for TLS, unix:///path, or "
    "https://host for Upstash's REST protocol",
    [](Config & c) -> auto& { return c.redis.url; }));
  all.back().secret = true; // it may hold a password
  all.push_back(text(
    {"redis.rest_token", "", {"UPSTASH_REDIS_REST_TOKEN"}, "Token of the REST protocol"},
    "a token without spaces, or nothing", [](Config & c) -> auto& { return c.redis.rest_token; },
    [](Text token) { return token.empty() || is_plain_name(token); }));
  all.back().secret = true;
  all.push_back(duration(
    {"redis.rest_poll", "--redis-rest-poll", {}, "Longest pause between looks for jobs over REST"},
    milliseconds{100}, minutes{5}, [](Config & c) -> auto& { return c.redis.rest_poll; }));
  all.push_back(choice(
    {"redis.plaintext",
     "--redis-plaintext",
     {},
     "Where redis:// may go besides this machine: nowhere, to private networks or anywhere"},
    {"never", "private", "any"}, [](Config & c) -> auto& { return c.redis.plaintext; }));
  for (auto& setting : tls_settings())
    all.push_back(std::move(setting));
  all.push_back(duration(
    {"redis.connect_timeout", "--redis-connect-timeout", {}, "Time for a connection to come up"},
    milliseconds{10}, minutes{5}, [](Config & c) -> auto& { return c.redis.connect_timeout; }));
  all.push_back(duration(
    {"redis.command_timeout",
     "--redis-command-timeout",
     {},
     "Time without an answer that is due before the connection counts as dead"},
    milliseconds{10}, minutes{5}, [](Config & c) -> auto& { return c.redis.command_timeout; }));
  return all;
}

} // namespace gleaner
