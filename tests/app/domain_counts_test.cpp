#include "app/domain_counts.hpp"
#include "tests/support/memory_budget.hpp"
#include "tests/support/scripted_api.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <vector>

using namespace gleaner;
using namespace gleaner::test;

namespace domain_counts {

/// Grants at the first exchange what is enough for some seconds, and leaves the others open.
class GrantsOnce final : public Budget {
public:
  void exchange(BudgetRequest request, std::function<void(Result<BudgetAnswer>)> reply) override {
    kept.exchange(std::move(request), std::move(reply));
    if (kept.requests.size() == 1)
      kept.grant(0, {0, 500, 1000, 1500, 2000, 2500}, std::chrono::milliseconds{0});
  }
  MemoryBudget kept;
};

} // namespace domain_counts

using namespace domain_counts;

BOOST_AUTO_TEST_SUITE(domain_counts)

BOOST_AUTO_TEST_CASE(an_exchange_may_be_answered_when_the_counts_are_gone) {
  ScriptedApi api;
  GrantsOnce budget;
  std::vector<std::string> counted;
  std::optional<DomainCounts> counts;
  counts.emplace(api, &budget, std::vector<RateWindow>{},
                 [&](const std::string& domain, std::uint64_t, const Result<std::uint32_t>&) {
                   counted.push_back(domain);
                 });
  counts->ask("acme.test", 1);
  counts->finish();
  counts.reset();
  BOOST_TEST(counted == std::vector<std::string>{"acme.test"}, boost::test_tools::per_element());
  BOOST_REQUIRE(budget.kept.open.size() == 1u);
  budget.kept.fail();
}

BOOST_AUTO_TEST_SUITE_END()
