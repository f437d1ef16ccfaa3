#include "app/top/fitted_table.hpp"
#include "core/text_width.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace gleaner::top;

namespace fitted_tables {

using Texts = std::vector<std::string>;

const std::vector<Column> shape{{"JOB", 3}, {"DOMAIN", 6}, {"PAGE", 4, 0, true}, {"WORKER", 6, 1}};
const std::vector<Texts> rows{{"1", "acme.test", "12", "ann"},
                              {"22", "a-much-longer.example.test", "3", "bob"}};

} // namespace fitted_tables

BOOST_AUTO_TEST_SUITE(fitted_table_suite)

using namespace fitted_tables;

BOOST_AUTO_TEST_CASE(without_a_bound_nothing_is_cut) {
  BOOST_TEST(fitted_table(shape, rows, 0) == (Texts{"JOB  DOMAIN                      PAGE  WORKER",
                                                    "1    acme.test                     12  ann",
                                                    "22   a-much-longer.example.test     3  bob"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_longest_cells_are_cut_first) {
  BOOST_TEST(fitted_table(shape, rows, 32) ==
               (Texts{"JOB  DOMAIN         PAGE  WORKER", "1    acme.test        12  ann",
                      "22   a-much-longe~     3  bob"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(where_cells_are_at_their_least_columns_go_by_their_rank) {
  BOOST_TEST(fitted_table(shape, rows, 20) ==
               (Texts{"JOB  DOMAIN     PAGE", "1    acme.test    12", "22   a-much-l~     3"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(no_width_is_too_small) {
  for (std::size_t columns = 1; columns < 60; ++columns)
    for (const auto& line : fitted_table(shape, rows, columns))
      BOOST_TEST(columns_of(line) <= columns);
}

BOOST_AUTO_TEST_CASE(cells_from_outside_can_not_steer_a_terminal_or_shift_a_column) {
  BOOST_TEST(fitted_table({{"A"}, {"B"}},
                          {{"\x1b[2Jx\n", "1"}, {"\u4F8B\u3048", "2"}, {"\xFF", "3"}},
                          0) == (Texts{"A       B", "?[2Jx?  1", "\u4F8B\u3048    2", "?       3"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
