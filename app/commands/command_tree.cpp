#include "app/commands/command_tree.hpp"

#include <CLI/CLI.hpp>

#include <cctype>
#include <sstream>

namespace gleaner {

namespace {

ValueKind kind_of(const OptionInfo& option) {
  if (!option.choices.empty())
    return ValueKind::choice;
  if (option.value_name == "FILE")
    return ValueKind::file;
  return option.value_name == "FOLDER" ? ValueKind::folder : ValueKind::text;
}

/// CLI11 keeps what checks accept only as text: "TEXT:{csv,ndjson}", "UINT:INT in [1 - 9]".
void read_type(const std::string& type, OptionInfo& option) {
  const auto colon = type.find(':');
  option.value_name = type.substr(0, colon);
  if (colon == std::string::npos)
    return;
  const auto accepted = type.substr(colon + 1);
  if (accepted.front() == '{' && accepted.back() == '}')
    option.choices = CLI::detail::split(accepted.substr(1, accepted.size() - 2), ',');
  else if (const auto least = accepted.find('['), dash = accepted.find(" - ");
           least < dash && accepted.back() == ']')
    option.range = "from " + accepted.substr(least + 1, dash - least - 1) + " to " +
                   accepted.substr(dash + 3, accepted.size() - dash - 4);
}

OptionInfo describe_option(const CLI::Option& given) {
  OptionInfo option;
  for (const auto& name : given.get_snames())
    option.names.push_back('-' + name);
  for (const auto& name : given.get_lnames())
    option.names.push_back("--" + name);
  if (given.get_positional())
    option.names = {given.get_name(true)};
  option.description = given.get_description();
  option.group = given.get_group();
  option.preset = given.get_default_str();
  option.required = given.get_required();
  option.repeated = given.get_positional() && given.get_items_expected_max() > 1;
  if (given.get_items_expected_max() == 0 || given.get_type_size() == 0)
    return option;
  read_type(given.get_type_name(), option);
  option.kind = kind_of(option);
  return option;
}

CommandInfo describe_below(const CLI::App& app, const std::string& path) {
  CommandInfo command{app.get_name(), path, read_help(app.get_description()), {}, {}, {}};
  for (const auto* option : app.get_options())
    if (!option->get_group().empty())
      (option->get_positional() ? command.arguments : command.options)
        .push_back(describe_option(*option));
  for (const auto* below : app.get_subcommands({}))
    if (!below->get_group().empty())
      command.commands.push_back(
        describe_below(*below, path + (path.empty() ? "" : " ") + below->get_name()));
  return command;
}

void collect(const CommandInfo& command, std::vector<const CommandInfo*>& all) {
  all.push_back(&command);
  for (const auto& below : command.commands)
    collect(below, all);
}

/// Up to the full stop that ends the first sentence: not that of "e.g. this".
std::string first_sentence(const std::string& text) {
  for (auto stop = text.find('.'); stop != std::string::npos; stop = text.find('.', stop + 1)) {
    const bool last = stop + 1 == text.size();
    if (last || (stop + 2 < text.size() && text[stop + 1] == ' ' &&
                 std::isupper(static_cast<unsigned char>(text[stop + 2])) != 0))
      return text.substr(0, stop);
  }
  return text;
}

} // namespace

CommandInfo describe_command(const CLI::App& app) {
  return describe_below(app, "");
}

HelpText read_help(const std::string& description) {
  HelpText help;
  std::istringstream lines{description};
  bool in_examples = false;
  bool in_paragraph = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == "Examples:" || line.empty()) {
      in_examples = !line.empty();
      in_paragraph = false;
    } else if (in_examples) {
      help.examples.push_back(CLI::detail::ltrim(line));
    } else if (in_paragraph) {
      help.paragraphs.back() += ' ' + line;
    } else {
      help.paragraphs.push_back(line);
      in_paragraph = true;
    }
  }
  help.summary = help.paragraphs.empty() ? "" : first_sentence(help.paragraphs.front());
  return help;
}

std::vector<const CommandInfo*> all_commands(const CommandInfo& program) {
  std::vector<const CommandInfo*> all;
  collect(program, all);
  return all;
}

} // namespace gleaner
