#include "app/commands/completion.hpp"

#include <string>

namespace gleaner {

namespace {

constexpr const char* fish_head = R"(# fish completion of gleaner; made by `gleaner completion fish`

# COMMAND OPTION: does a value follow it?
function __gleaner_takes_value
    switch "$argv[1]:$argv[2]"
)";

constexpr const char* fish_command_part = R"(            return 0
    end
    return 1
end

# COMMAND: is there such a one?
function __gleaner_has_command
    contains -- "$argv[1]")";

constexpr const char* fish_main_part = R"(
end

# COMMAND [PLACE]: is this the command that was typed, with so many arguments after it?
function __gleaner_at
    set -l command ''
    set -l place 0
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if string match -q -- '-*' "$word"
            __gleaner_takes_value "$command" "$word"; and set skip 1
        else if __gleaner_has_command (string trim -- "$command $word")
            set command (string trim -- "$command $word")
        else
            set place (math $place + 1)
        end
    end
    test "$command" = "$argv[1]"; and test -z "$argv[2]" -o "$argv[2]" = "$place"
end

complete -c gleaner -f
)";

/// Text as one word of fish.
std::string fish_word(const std::string& text) {
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\')
      word += '\\';
    word += c;
  }
  return word + '\'';
}

std::string fish_value_of(const OptionInfo& option) {
  switch (option.kind) {
  case ValueKind::none:
    return "";
  case ValueKind::text:
    return " -x";
  case ValueKind::file:
    return " -r -F";
  case ValueKind::folder:
    return " -x -a '(__fish_complete_directories (commandline -ct))'";
  case ValueKind::choice:
    return " -x -a " + fish_word(joined(option.choices, " "));
  }
  return "";
}

/// The program's own options hold everywhere.
std::string option_line(const CommandInfo& command, const OptionInfo& option) {
  std::string line = "complete -c gleaner";
  if (!command.path.empty())
    line += " -n " + fish_word("__gleaner_at " + fish_word(command.path));
  for (const auto& name : option.names)
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  return line + fish_value_of(option) + " -d " + fish_word(option.description) + '\n';
}

std::string lines_of(const CommandInfo& command) {
  std::string lines;
  const auto at = "complete -c gleaner -n ";
  for (const auto& below : command.commands)
    lines += at + fish_word("__gleaner_at " + fish_word(command.path) + " 0") + " -a " +
             below.name + " -d " + fish_word(below.help.summary) + '\n';
  for (const auto& option : command.options)
    lines += option_line(command, option);
  for (std::size_t place = 0; place < command.arguments.size(); ++place) {
    const auto& argument = command.arguments[place];
    const auto number = argument.repeated ? "" : ' ' + std::to_string(place);
    if (argument.kind != ValueKind::text)
      lines += at + fish_word("__gleaner_at " + fish_word(command.path) + number) +
               fish_value_of(argument) + " -d " + fish_word(argument.description) + '\n';
  }
  return lines;
}

} // namespace

std::string fish_completion(const CommandInfo& program) {
  std::string patterns;
  std::string lines;
  for_each_value(program, [&](const std::vector<std::string>& each, const OptionInfo&) {
    for (const auto& pattern : each)
      patterns += (patterns.empty() ? "        case " : " \\\n            ") + fish_word(pattern);
  });
  std::string paths;
  for (const auto* command : all_commands(program)) {
    if (!command->path.empty())
      paths += " \\\n        " + fish_word(command->path);
    lines += lines_of(*command);
  }
  return fish_head + patterns + '\n' + fish_command_part + paths + fish_main_part + lines;
}

} // namespace gleaner
