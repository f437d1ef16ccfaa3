#include "app/commands/command_tree.hpp"
#include "tests/app/commands/small_program.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;

BOOST_AUTO_TEST_SUITE(what_a_program_accepts)

BOOST_AUTO_TEST_CASE(a_description_is_summary_paragraphs_and_examples) {
  const auto help = read_help("Lists jobs: all. Even\nold ones.\n\nExamples:\n  gleaner ls\n"
                              "  gleaner ls    with a word on it\n\nMore\nto say.");
  BOOST_TEST(help.summary == "Lists jobs: all");
  const std::vector<std::string> paragraphs{"Lists jobs: all. Even old ones.", "More to say."};
  BOOST_TEST(help.paragraphs == paragraphs, boost::test_tools::per_element());
  const std::vector<std::string> examples{"gleaner ls", "gleaner ls    with a word on it"};
  BOOST_TEST(help.examples == examples, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_sentence_may_go_over_two_lines_and_there_may_be_none) {
  BOOST_TEST(read_help("One\nsentence.").summary == "One sentence");
  BOOST_TEST(read_help("No end").summary == "No end");
  BOOST_TEST(read_help("").summary == "");
}

BOOST_AUTO_TEST_CASE(commands_have_their_paths) {
  const SmallProgram small;
  const auto program = describe_command(small.app);
  std::vector<std::string> paths;
  for (const auto* command : all_commands(program))
    paths.push_back(command->path);
  const std::vector<std::string> expected{"", "box", "box ls", "box put"};
  BOOST_TEST(paths == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(options_have_what_their_checks_accept) {
  const SmallProgram small;
  const auto program = describe_command(small.app);
  const auto& options = program.commands.front().commands.front().options;
  BOOST_REQUIRE(options.size() == 4u);
  BOOST_TEST((options[0].kind == ValueKind::none)); // --help
  BOOST_TEST((options[1].kind == ValueKind::choice));
  const std::vector<std::string> choices{"new", "old"};
  BOOST_TEST(options[1].choices == choices, boost::test_tools::per_element());
  BOOST_TEST((options[2].kind == ValueKind::text));
  BOOST_TEST(options[2].range == "from 1 to 9");
  BOOST_TEST(options[2].preset == "3");
  BOOST_TEST((options[3].kind == ValueKind::none));
  const std::vector<std::string> names{"-y", "--yes"};
  BOOST_TEST(options[3].names == names, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(paths_are_known_by_the_names_of_their_values) {
  const SmallProgram small;
  const auto program = describe_command(small.app);
  BOOST_REQUIRE(program.options.size() == 3u);
  BOOST_TEST((program.options[1].kind == ValueKind::file));
  BOOST_TEST((program.options[2].kind == ValueKind::folder));
  BOOST_TEST(program.options[2].group == "Settings");
}

BOOST_AUTO_TEST_CASE(arguments_are_no_options) {
  const SmallProgram small;
  const auto program = describe_command(small.app);
  const auto& put = program.commands.front().commands.back();
  BOOST_REQUIRE(put.arguments.size() == 2u);
  BOOST_TEST(put.options.size() == 1u);
  BOOST_TEST(put.arguments[0].names.front() == "kind");
  BOOST_TEST(put.arguments[0].required);
  BOOST_TEST(!put.arguments[0].repeated);
  BOOST_TEST((put.arguments[0].kind == ValueKind::choice));
  BOOST_TEST(put.arguments[1].repeated);
}

BOOST_AUTO_TEST_SUITE_END()
