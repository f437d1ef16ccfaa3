#include "adapters/budget/lua_source.hpp"
#include "adapters/bullmq/scripts.hpp"
#include "tests/simulation/world/world.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

/// The worlds are worth something only if defects do not get through them.
namespace gleaner::simulation {

std::ostream& operator<<(std::ostream& out, const MutantName& mutant) {
  return out << mutant.name;
}

BOOST_DATA_TEST_CASE(worlds_find_the_mutant, boost::unit_test::data::make(mutants()), mutant) {
  constexpr std::uint64_t most_seeds = 10000;
  std::uint64_t seed = 0;
  Outcome outcome;
  while (outcome.failure.empty() && seed < most_seeds) {
    auto swarm = draw_swarm(++seed);
    swarm.mutant = mutant.mutant;
    outcome = World{swarm, false}.run();
  }
  BOOST_TEST(!outcome.failure.empty(), mutant.name << " got through " << seed << " worlds");
  BOOST_TEST_MESSAGE(mutant.name << ": found by seed " << seed << ": " << outcome.failure);
}

BOOST_AUTO_TEST_CASE(mutants_of_scripts_change_scripts) {
  std::set<std::string> scripts{std::string{budget::lua_source("exchange")}};
  for (const auto& script : bullmq::all_scripts())
    scripts.insert(script.text);
  for (const auto& [mutant, name] : mutants()) {
    const auto changed = std::any_of(scripts.begin(), scripts.end(), [&](const auto& script) {
      return mutate(mutant, script) != script;
    });
    BOOST_TEST(changed == changes_scripts(mutant), name);
  }
}

} // namespace gleaner::simulation
