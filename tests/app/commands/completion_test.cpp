#include "app/commands/completion.hpp"
#include "tests/app/commands/small_program.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;

namespace scripts_for_shells {

struct Fixture {
  SmallProgram small;
  CommandInfo program = describe_command(small.app);
};

bool has(const std::string& script, const std::string& line) {
  const bool found = script.find(line) != std::string::npos;
  if (!found)
    BOOST_TEST_MESSAGE(script);
  return found;
}

} // namespace scripts_for_shells

BOOST_FIXTURE_TEST_SUITE(scripts_for_shells, Fixture)

BOOST_AUTO_TEST_CASE(a_quote_ends_and_begins_a_word) {
  BOOST_TEST(shell_word("it's") == R"('it'\''s')");
}

BOOST_AUTO_TEST_CASE(a_command_has_its_own_options_and_those_above_it) {
  const auto& ls = program.commands.front().commands.front();
  const std::vector<std::string> expected{"--depth", "--state", "--limit", "-y", "--yes"};
  BOOST_TEST(option_names(program, ls) == expected, boost::test_tools::per_element());
  BOOST_TEST(option_names(program, program).empty());
}

BOOST_AUTO_TEST_CASE(values_are_known_at_a_command_and_below_it_deepest_first) {
  std::vector<std::string> all;
  for_each_value(program, [&](const std::vector<std::string>& patterns, const OptionInfo&) {
    all.insert(all.end(), patterns.begin(), patterns.end());
  });
  const std::vector<std::string> expected{"box ls:--state", "box ls:--limit", "box:--depth",
                                          "box *:--depth",  "*:--config",     "*:--home"};
  BOOST_TEST(all == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(bash_knows_commands_values_and_arguments) {
  const auto script = bash_completion(program);
  BOOST_TEST(has(script, "  'box')\n    commands='ls put'\n    options='--depth'\n"));
  BOOST_TEST(has(script, "shared='-h --help --config --home'\n"));
  BOOST_TEST(has(script, "  box\\ ls:--state) value='new old' ;;\n"));
  BOOST_TEST(has(script, "  box:--depth|box\\ *:--depth) value='<text>' ;;\n"));
  BOOST_TEST(has(script, "  *:--config) value='<file>' ;;\n"));
  BOOST_TEST(has(script, "  *:--home) value='<folder>' ;;\n"));
  BOOST_TEST(has(script, "  box\\ put:0) value='a b' ;;\n"));
}

BOOST_AUTO_TEST_CASE(zsh_knows_what_excludes_what) {
  const auto script = zsh_completion(program);
  BOOST_TEST(has(script, R"('(-y --yes)--yes[Don'\''t ask]')"));
  BOOST_TEST(has(script, R"('--state=[Only \[some\]\: these]:TEXT:(new old)')"));
  BOOST_TEST(has(script, "'--home=[Its place]:FOLDER:_files -/'"));
  BOOST_TEST(has(script, "':Which kind:(a b)'\n    '*:Their names: '"));
  BOOST_TEST(has(script, R"('ls:Lists what'\''s there')"));
  BOOST_TEST(has(script, "ls) _gleaner_box_ls && result=0 ;;"));
}

BOOST_AUTO_TEST_CASE(fish_knows_where_each_is_offered) {
  const auto script = fish_completion(program);
  BOOST_TEST(
    has(script,
        R"(-n '__gleaner_at \'\' 0' -a box -d 'Works on a box, e.g. a small one, as boxes are')"));
  BOOST_TEST(has(script, R"(-n '__gleaner_at \'box ls\'' -l state -x -a 'new old')"));
  BOOST_TEST(has(script, R"(-n '__gleaner_at \'box ls\'' -s y -l yes -d 'Don\'t ask')"));
  BOOST_TEST(has(script, R"(-n '__gleaner_at \'box put\' 0' -x -a 'a b')"));
  BOOST_TEST(has(script, "complete -c gleaner -l config -r -F -d 'TOML file'\n"));
}

BOOST_AUTO_TEST_SUITE_END()
