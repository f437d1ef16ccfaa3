#include "app/commands/man_page.hpp"

#include "app/commands/completion.hpp"
#include "app/commands/roff.hpp"
#include "app/exit_code.hpp"

#include <algorithm>
#include <cctype>

namespace gleaner {

namespace {

using namespace roff;

/// "Jobs of this domain (from 1 to 9; 3 when not given)"
std::string meaning_of(const OptionInfo& option) {
  std::vector<std::string> facts;
  if (!option.choices.empty())
    facts.push_back("one of " + joined(option.choices, ", "));
  if (!option.range.empty())
    facts.push_back(option.range);
  if (!option.preset.empty())
    facts.push_back(option.preset + " when not given");
  return prose(option.description) + (facts.empty() ? "" : plain(" (" + joined(facts, "; ") + ')'));
}

std::string option_term(const OptionInfo& option) {
  std::string names;
  for (const auto& name : option.names)
    names += (names.empty() ? "" : ", ") + bold(name);
  if (option.kind != ValueKind::none)
    names += ' ' + italic(option.value_name);
  return term(names, meaning_of(option));
}

std::string argument_form(const OptionInfo& argument) {
  const auto name = italic(argument.names.front()) + (argument.repeated ? "..." : "");
  return ' ' + (argument.required ? name : '[' + name + ']');
}

bool is_help(const OptionInfo& option) {
  return std::find(option.names.begin(), option.names.end(), "--help") != option.names.end();
}

/// Prose, arguments, options, examples: all that the command's help has.
std::string command_part(const CommandInfo& program, const CommandInfo& command) {
  const auto name = program.name + ' ' + command.path;
  auto form = bold(name) + " [" + italic("OPTION") + "]...";
  for (const auto& argument : command.arguments)
    form += argument_form(argument);
  if (!command.commands.empty())
    form += ' ' + italic("COMMAND");
  auto text = part(name) + form + '\n';
  for (const auto& each : command.help.paragraphs)
    text += paragraph(prose(each));
  for (const auto& argument : command.arguments)
    text += term(italic(argument.names.front()), meaning_of(argument));
  for (const auto& option : command.options)
    if (!is_help(option))
      text += option_term(option);
  return text + lines(command.help.examples);
}

std::string value_line(const Setting& setting, const Config& defaults) {
  if (!setting.inherits.empty())
    return plain("Accepts " + setting.accepts + "; as ") + bold(setting.inherits) + " by default.";
  const auto preset = setting.show(defaults);
  return plain("Accepts " + setting.accepts) +
         (preset.empty() ? "; not set by default." : plain("; ") + bold(preset) + " by default.");
}

std::string setting_term(const Setting& setting, const Config& defaults) {
  std::vector<std::string> ways;
  if (!setting.flag.empty())
    ways.push_back(bold(setting.flag));
  for (const auto& variable : setting.variables)
    ways.push_back(bold(variable));
  if (setting.secret)
    for (const auto& variable : setting.variables)
      ways.push_back(bold(variable + "_FILE"));
  return term(bold(setting.path), prose(setting.description) + "\n.br\n" + joined(ways, ", ") +
                                    "\n.br\n" + value_line(setting, defaults));
}

std::string settings_section(std::span<const Setting> settings) {
  auto text =
    section("SETTINGS") +
    prose("A flag beats the environment, which beats the file, which beats the default, for each "
          "setting on its own. In the file, which is TOML, `queue.name` is `name` in `[queue]`. "
          "Each setting is listed with its flag and its environment variables; a variable that "
          "ends in `_FILE` names a file, of mode 0600 or less, that holds the value.") +
    '\n';
  for (const auto& setting : settings)
    text += setting_term(setting, Config{});
  return text;
}

std::string environment_section() {
  return section("ENVIRONMENT") +
         prose("The variables of the settings are named above; an empty one counts as unset.") +
         '\n' + term(bold("GLEANER_CONFIG"), prose("The file of settings, as by `--config`.")) +
         term(bold("NO_COLOR"), "Log lines without colour on terminals too.") +
         term(bold("TERM"), prose("With `dumb`, neither colour nor a progress bar."));
}

std::string exit_section() {
  auto text = section("EXIT STATUS");
  for (const auto& [code, meaning] : exit_code_meanings())
    text += term(bold(code), prose(meaning));
  return text;
}

std::string files_section(std::span<const Setting> settings) {
  auto text = section("FILES") +
              term(italic("gleaner.toml"),
                   prose("Settings; read from the current folder when no other file is named."));
  for (const auto& setting : settings)
    if (const auto preset = setting.show(Config{}); setting.value_name == "FOLDER")
      text += term(italic(preset), prose(setting.description + " (`" + setting.path + "`)."));
  return text;
}

std::string first_lower(std::string text) {
  if (!text.empty())
    text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
  return text;
}

} // namespace

std::string man_page(const CommandInfo& program, std::span<const Setting> settings,
                     const std::string& version) {
  // Without a date, so that two builds of one version are alike.
  auto page = ".TH GLEANER 1 \"\" \"gleaner " + plain(version) +
              "\" \"User Commands\"\n.ad l\n.nh\n" + section("NAME") + plain(program.name) +
              " \\- " + prose(first_lower(program.help.summary)) + '\n' + section("SYNOPSIS") +
              bold(program.name) + " [" + italic("OPTION") + "]... " + italic("COMMAND") + " [" +
              italic("ARGUMENT") + "]...\n" + section("DESCRIPTION");
  page += "Data goes to standard output, messages go to standard error.\n";
  for (const auto& each : program.help.paragraphs)
    page += paragraph(prose(each));
  page += section("OPTIONS") +
          prose("They may stand before or after the command; so may the flags of the settings.") +
          '\n';
  for (const auto& option : program.options)
    if (option.group != "Settings")
      page += option_term(option);
  page += section("COMMANDS");
  for (const auto* command : all_commands(program))
    if (command != &program)
      page += command_part(program, *command);
  return page + settings_section(settings) + environment_section() + exit_section() +
         files_section(settings) + section("EXAMPLES") + "Each command above has more.\n" +
         lines(program.help.examples);
}

} // namespace gleaner
