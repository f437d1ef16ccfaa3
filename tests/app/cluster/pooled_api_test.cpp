#include "adapters/profile/profile_reader.hpp"
#include "app/cluster/pooled_api.hpp"
#include "tests/support/scripted_api.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using gleaner::test::ScriptedApi;

namespace pooled_api_suite {

/// Knows an account until told to forget it.
class KnowingApi final : public HunterApi {
public:
  void search(const PageRequest&, std::chrono::steady_clock::time_point,
              std::function<void(ApiAnswer)>) override {}
  void count(const std::string&, CountReply) override {}
  void account(std::function<void(Result<ApiAccount>)>) override {}
  void forget_account() override { ++forgotten; }
  int forgotten = 0;
};

struct Fixture {
  KnowingApi own;
  const ProviderProfile& profile = profile::builtin_profile();
  std::shared_ptr<NodePool> pool = std::make_shared<NodePool>();
  PooledApi api{"default", pool, profile, own};
  NodePool::NodeId node = 0;
  std::vector<PageOrder> orders;
  std::vector<ApiAnswer> answers;

  Fixture() {
    pool->watch_room([](std::uint32_t) {});
    node = pool->next_id();
    pool->add(
      node, "a", "1.0.0", [this](PageOrder order) { orders.push_back(std::move(order)); }, 4);
  }
  void answer_search_with(ApiAnswer answer) {
    api.search({"acme.test", 0, 10}, {},
               [this](ApiAnswer got) { answers.push_back(std::move(got)); });
    pool->served(node, orders.back().number, std::move(answer));
  }
};

} // namespace pooled_api_suite

BOOST_FIXTURE_TEST_SUITE(pooled_api_suite, Fixture)

BOOST_AUTO_TEST_CASE(what_speaks_against_the_account_makes_ours_forget_it) {
  answer_search_with(ScriptedApi::page("{}"));
  answer_search_with(ScriptedApi::status(500));
  BOOST_TEST(own.forgotten == 0);
  answer_search_with(ScriptedApi::status(401, "authentication_failed"));
  BOOST_TEST(own.forgotten == 1);
  BOOST_TEST(answers.size() == 3u);
  BOOST_TEST(answers.back().status == 401);
}

BOOST_AUTO_TEST_SUITE_END()
