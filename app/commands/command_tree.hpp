#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace gleaner {

/// What follows an option, or stands in the place of an argument.
enum class ValueKind { none, text, file, folder, choice };

/// An option, or an argument that is known by its place.
struct OptionInfo {
  std::vector<std::string> names; ///< "-y" and "--yes"; of an argument only its name, "domains".
  std::string description;
  std::string group; ///< Heading in the help; "Settings" for those of the settings table.
  ValueKind kind = ValueKind::none;
  std::string value_name;           ///< "FILE"
  std::vector<std::string> choices; ///< All that it may be, when `kind` says so.
  std::string range;                ///< "from 1 to 1000", or "".
  std::string preset;               ///< Its value when it is not given, or "".
  bool required = false;
  bool repeated = false; ///< An argument that takes all words from its place on.
};

/// A command's description, taken apart.
struct HelpText {
  std::string summary;                 ///< The first sentence, without its full stop.
  std::vector<std::string> paragraphs; ///< All but the examples, a line each.
  std::vector<std::string> examples;   ///< Line by line, not indented.
};

/// A command as the program accepts it. Its options hold for the commands below it too.
struct CommandInfo {
  std::string name;
  std::string path; ///< "jobs ls"; "" for the program itself.
  HelpText help;
  std::vector<OptionInfo> options;
  std::vector<OptionInfo> arguments;
  std::vector<CommandInfo> commands;
};

/// All that can be given to `app`. @pre its options fall through to its commands
CommandInfo describe_command(const CLI::App& app);

/// "Prints it.\n\nExamples:\n  gleaner ..." taken apart.
HelpText read_help(const std::string& description);

/// The command and those below it, each before what is below it.
std::vector<const CommandInfo*> all_commands(const CommandInfo& program);

} // namespace gleaner
