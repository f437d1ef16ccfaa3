#include "app/exit_code.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <set>

using namespace gleaner;

BOOST_AUTO_TEST_SUITE(exit_codes_of_the_manual)

BOOST_AUTO_TEST_CASE(the_manual_holds_the_table_of_all_exit_codes) {
  std::ifstream file{GLEANER_MANUAL};
  const std::string manual{std::istreambuf_iterator<char>{file}, {}};
  std::string table = "| code | meaning |\n|---|---|\n";
  for (const auto& [code, meaning] : exit_code_meanings())
    table += "| " + code + " | " + meaning + " |\n";
  BOOST_TEST(manual.find(table + '\n') != std::string::npos, table);
}

BOOST_AUTO_TEST_CASE(every_code_has_a_meaning) {
  std::set<std::string> codes;
  for (const auto& each : exit_code_meanings())
    codes.insert(each.code);
  for (int code = 0; code <= static_cast<int>(ExitCode::state_in_use); ++code)
    BOOST_TEST(codes.contains(std::to_string(code)), code);
}

BOOST_AUTO_TEST_SUITE_END()
