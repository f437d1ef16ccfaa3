#include "core/domain.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>
#include <vector>

namespace gleaner {

BOOST_AUTO_TEST_SUITE(collection_file_name_suite)

// Expected values: toLowerCase(), the regex and crypto of Node 20.
BOOST_AUTO_TEST_CASE(file_names_are_those_of_the_node_reader) {
  const std::string hundred = std::string(99, 'x');
  const std::vector<std::pair<std::string, std::string>> table{
    {"example.com", "example.com_a379a6f6.json"},
    {"EXAMPLE.com", "example.com_a379a6f6.json"},
    {"b\u00FCcher.example", "b_cher.example_c6b737c4.json"},
    {"B\u00DCCHER.example", "b_cher.example_c6b737c4.json"},
    {"\U0001F600.example", "__.example_f7d11eda.json"},
    {"../../etc/passwd", ".._.._etc_passwd_3754d6cb.json"},
    {"a b_c", "a_b_c_e94c5c9a.json"},
    {"", "_e3b0c442.json"},
    {"\u0130stanbul.com", "i_stanbul.com_bee0c67a.json"},
    {"\u03A3\u038A\u03A3\u03A5\u03A6\u039F\u03A3.gr", "_______.gr_18cb0f7d.json"},
    {"\u039F\u0394\u039F\u03A3", "_____3a2c9e1f.json"},
    {hundred + "\U0001F600.com", hundred + "__24a51769.json"},
    {std::string(300, 'a') + ".com", std::string(100, 'a') + "_0618fade.json"},
    {"Stra\u00DFe.de", "stra_e.de_19a816f4.json"},
    {"\u212A.com", "k.com_919795dc.json"},
    {std::string{"example.com\0", 12}, "example.com__e9f6f6c8.json"},
  };
  for (const auto& [domain, name] : table)
    BOOST_TEST(collection_file_name(domain) == name);
}

BOOST_AUTO_TEST_CASE(no_file_name_leaves_its_folder) {
  for (const auto* domain : {"..", "/", "../x", "a/b", "\xFF\xFE/..", "a\\b"})
    BOOST_TEST(collection_file_name(domain).find_first_of("/\\") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner
