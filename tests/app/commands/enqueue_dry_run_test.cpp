#include "app/commands/enqueue_dry_run.hpp"
#include "app/exit_code.hpp"

#include <boost/test/unit_test.hpp>

#include <iostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace gleaner;

namespace enqueue_dry_run_suite {

/// What goes to stdout and stderr.
struct Captured {
  Captured() : out(std::cout.rdbuf(text.rdbuf())), err(std::cerr.rdbuf(text.rdbuf())) {}
  ~Captured() {
    std::cout.rdbuf(out);
    std::cerr.rdbuf(err);
  }
  std::ostringstream text;
  std::streambuf* out;
  std::streambuf* err;
};

ExitCode run(std::vector<std::string> domains, std::string file = "") {
  const Captured captured;
  DryRun wanted;
  wanted.domains = std::move(domains);
  wanted.file = std::move(file);
  return static_cast<ExitCode>(enqueue_dry_run(wanted));
}

} // namespace enqueue_dry_run_suite

using namespace enqueue_dry_run_suite;

BOOST_AUTO_TEST_SUITE(enqueue_dry_run_suite)

BOOST_AUTO_TEST_CASE(the_exit_codes_of_a_dry_run_are_those_of_the_enqueueing) {
  BOOST_TEST((run({"acme.test"}) == ExitCode::ok));
  BOOST_TEST((run({"acme.test", "no domain"}) == ExitCode::partial));
  BOOST_TEST((run({"no domain"}) == ExitCode::usage));
  BOOST_TEST((run({}, "/dev/null") == ExitCode::usage));
}

BOOST_AUTO_TEST_SUITE_END()
