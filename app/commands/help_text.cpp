#include "app/commands/help_text.hpp"

#include "app/commands/command_tree.hpp"
#include "app/terminal.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>

namespace gleaner {

namespace {

class HelpFormatter final : public CLI::Formatter {
public:
  std::string make_subcommand(const CLI::App* command) const override {
    std::ostringstream line;
    CLI::detail::format_help(line, command->get_name(),
                             read_help(command->get_description()).summary + '.',
                             get_column_width());
    return line.str();
  }

  std::string make_footer(const CLI::App* command) const override {
    if (!command->get_parent())
      return {};
    return "The settings are flags too, such as --queue; `gleaner --help` lists them.\n";
  }
};

/// The innermost command that was named.
const CLI::App& innermost(const CLI::App& app) {
  const auto named = app.get_subcommands();
  return named.empty() ? app : innermost(*named.front());
}

/// "gleaner jobs"
std::string full_name(const CLI::App& command) {
  const auto* parent = command.get_parent();
  return (parent ? full_name(*parent) + ' ' : std::string{}) + command.get_name();
}

std::string subcommands_of(const CLI::App& command) {
  std::string names;
  for (const auto* each : command.get_subcommands({}))
    names += ' ' + each->get_name();
  return names;
}

/// CLI11 says of a mistyped command only that one is missing.
std::string missing_command(const CLI::App& app, const CLI::App& command) {
  const auto words = app.remaining(true);
  const auto word = std::find_if(words.begin(), words.end(), [](const std::string& text) {
    return !text.empty() && text.front() != '-';
  });
  if (word == words.end() && !words.empty())
    return full_name(command) + " has no option '" + harmless(words.front()) + '\'';
  if (word == words.end())
    return full_name(command) + " needs one of these:" + subcommands_of(command);
  const auto before = command.get_parent() ? command.get_name() + ' ' : std::string{};
  return "there is no command '" + before + harmless(*word) + "'; there are" +
         subcommands_of(command);
}

std::string failure(const CLI::App* app, const CLI::Error& error) {
  const auto& command = innermost(*app);
  const bool incomplete =
    error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError) &&
    !command.get_subcommands({}).empty();
  return "gleaner: " + (incomplete ? missing_command(*app, command) : harmless(error.what())) +
         "\nSee `" + full_name(command) + " --help`.\n";
}

} // namespace

void set_help_text(CLI::App& app) {
  app.formatter(std::make_shared<HelpFormatter>());
  app.failure_message(failure);
}

} // namespace gleaner
