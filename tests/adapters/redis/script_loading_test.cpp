#include "adapters/redis/redis_client.hpp"
#include "tests/support/redis_fixture.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace gleaner;
using namespace gleaner::redis;
using namespace gleaner::test;

namespace script_loading {

struct Fixture {
  RedisServer& server = shared_redis();
  RedisClient client{server.config(), ""};
  const ServerScript one{"return 1", "e0e1f9fabfc9d4800c877a703b823ac0578ff8db"};
  const ServerScript two{"return 2", "7f923f79fe76194c868d7e1d0820de36700eb649"};
  Fixture() {
    tell({"SCRIPT", "FLUSH"});
    tell({"CONFIG", "RESETSTAT"});
  }

  void tell(std::vector<std::string> command) {
    BOOST_REQUIRE(bool(client.call(std::move(command))));
  }

  std::size_t count(const std::string& word) {
    const auto stats = client.call({"INFO", "commandstats"})->text;
    const auto entry = "cmdstat_script|" + word + ":calls=";
    const auto at = stats.find(entry);
    return at == std::string::npos ? 0 : std::stoul(stats.substr(at + entry.size()));
  }
};

} // namespace script_loading

BOOST_FIXTURE_TEST_SUITE(script_loading, Fixture)

BOOST_AUTO_TEST_CASE(a_new_connection_loads_what_the_server_lacks) {
  BOOST_TEST(client.call({"SCRIPT", "LOAD", one.text})->text == one.sha);
  RedisClient taught{server.config(), "", {one, two}};
  BOOST_TEST(taught.call({"EVALSHA", two.sha, "0"})->integer == 2);
  BOOST_TEST(count("load") == 2u); // the second by itself
  taught.interrupt();
  BOOST_TEST(taught.call({"EVALSHA", one.sha, "0"})->integer == 1);
  BOOST_TEST(count("exists") == 2u);
  BOOST_TEST(count("load") == 2u);
}

BOOST_AUTO_TEST_CASE(one_that_may_not_ask_loads_all) {
  tell({"ACL", "SETUSER", "shy", "on", ">pass", "~*", "+@all", "-script|exists"});
  auto config = server.config();
  const auto at = config.url.find("://") + 3;
  const auto old_login = config.url.find('@');
  config.url = config.url.substr(0, at) + "shy:pass@" +
               config.url.substr(old_login == std::string::npos ? at : old_login + 1);
  RedisClient shy{config, "", {one, two}};
  const auto got = shy.call({"EVALSHA", two.sha, "0"});
  tell({"ACL", "DELUSER", "shy"});
  BOOST_REQUIRE(bool(got));
  BOOST_TEST(got->integer == 2);
  BOOST_TEST(count("load") == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
