#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

/// A program with one of each: options with and without values, a group, arguments.
struct SmallProgram {
  SmallProgram() {
    app.fallthrough();
    app.add_option("--config", text, "TOML file")->type_name("FILE");
    app.add_option("--home", text, "Its place")->type_name("FOLDER")->group("Settings");
    auto* list = group->add_subcommand("ls", "Lists what's there.\n\nExamples:\n"
                                             "  gleaner box ls\n  gleaner box ls --state old");
    list->add_option("--state", text, "Only [some]: these")->check(CLI::IsMember({"new", "old"}));
    list->add_option("--limit", number, "Most shown")
      ->check(CLI::Range(1, 9))
      ->capture_default_str();
    list->add_flag("-y,--yes", flag, "Don't ask");
    auto* put = group->add_subcommand("put", "Puts them in.");
    put->add_option("kind", text, "Which kind")->check(CLI::IsMember({"a", "b"}))->required();
    put->add_option("names", words, "Their names");
    group->add_option("--depth", number, "How deep");
  }

  std::string text;
  std::vector<std::string> words;
  int number = 3;
  bool flag = false;
  CLI::App app{"Keeps things in boxes.\nFor long.\n\nExamples:\n  gleaner box ls\n\nThe end of it.",
               "gleaner"};
  CLI::App* group = app.add_subcommand("box", "Works on a box, e.g. a small one, as\nboxes are.");
};
