#include "tests/simulation/redis/both_servers.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace gleaner::simulation {

BOOST_AUTO_TEST_CASE(knows_what_each_command_does_to_a_key) {
  BothServers servers;
  for (const auto& [name, spec] : commands()) {
    const auto flags = servers.flags_of(name);
    const auto has = [&](const char* flag) { return std::count(flags.begin(), flags.end(), flag); };
    const auto access = has("denyoom") ? Access::grows
                        : has("write") ? Access::writes
                                       : Access::reads;
    BOOST_TEST((spec.access == access), name);
  }
}

} // namespace gleaner::simulation
