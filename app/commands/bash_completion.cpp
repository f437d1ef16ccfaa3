#include "app/commands/completion.hpp"

#include <string>

namespace gleaner {

namespace {

// Until `bash_main_part` all functions set variables of their caller: a subshell each would be
// slow.
constexpr const char* bash_head = R"(# bash completion of gleaner; made by `gleaner completion bash`
# shellcheck shell=bash

# _gleaner_command COMMAND: sets `commands` and `options` to what may follow it and `shared` to the
# options that may follow each; 1: no such command.
_gleaner_command() {
  shared=)";

constexpr const char* bash_command_part = R"(
  case $1 in
)";

constexpr const char* value_part = R"(  *) return 1 ;;
  esac
}

# _gleaner_value COMMAND OPTION: sets `value` to the words that may follow the option, to <file>,
# <folder> or <text>, or to nothing when it takes no value.
_gleaner_value() {
  case $1:$2 in
)";

constexpr const char* bash_argument_part = R"(  *) value='' ;;
  esac
}

# _gleaner_argument COMMAND PLACE: the same for the command's arguments; the first place is 0.
_gleaner_argument() {
  case $1:$2 in
)";

constexpr const char* bash_main_part = R"(  *) value='' ;;
  esac
}

_gleaner() {
  local cur=${COMP_WORDS[COMP_CWORD]} word command='' option='' prefix=''
  local value='' commands='' options='' shared=''
  local -i i place=0 ended=0
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $word == '=' ]]; then
      continue # bash makes three words of --option=value, and of host:port
    elif [[ $word == ':' ]]; then
      i+=1
    elif [[ -n $option ]]; then
      option=''
    elif ((!ended)) && [[ $word == -- ]]; then
      ended=1
    elif ((!ended)) && [[ $word == -* ]]; then
      _gleaner_value "$command" "$word"
      [[ -z $value ]] || option=$word
    elif ((!ended)) && _gleaner_command "${command:+$command }$word"; then
      command+=${command:+ }$word
    else
      place+=1
    fi
  done
  [[ $cur != '=' ]] || cur=''
  if [[ -z $option && $cur == --*=* ]]; then # COMP_WORDBREAKS is without '='
    option=${cur%%=*} prefix=${cur%%=*}= cur=${cur#*=}
  fi
  value=''
  _gleaner_command "$command"
  if [[ -n $option ]]; then
    _gleaner_value "$command" "$option"
  elif ((!ended)) && [[ $cur == -* ]]; then
    value="$options $shared"
  elif [[ -n $commands ]]; then
    ((ended || place)) || value=$commands # a command that does not exist has nothing after it
  else
    _gleaner_argument "$command" "$place"
  fi
  case $value in
  '' | '<text>') return ;;
  '<file>') mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
  '<folder>') mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
  *) mapfile -t COMPREPLY < <(compgen -W "$value" -- "$cur") ;;
  esac
  [[ $value != '<'* ]] || compopt -o filenames 2>/dev/null
  COMPREPLY=("${COMPREPLY[@]/#/$prefix}")
}

complete -F _gleaner gleaner
)";

std::string bash_value_of(const OptionInfo& option) {
  switch (option.kind) {
  case ValueKind::none:
    return "";
  case ValueKind::text:
    return "<text>";
  case ValueKind::file:
    return "<file>";
  case ValueKind::folder:
    return "<folder>";
  case ValueKind::choice:
    return joined(option.choices, " ");
  }
  return "";
}

/// "jobs ls:--state" with its space escaped, its wildcard alive.
std::string escaped(const std::string& pattern) {
  std::string safe;
  for (const char c : pattern)
    safe += c == ' ' ? std::string{"\\ "} : std::string(1, c);
  return safe;
}

std::string value_line(const std::string& patterns, const OptionInfo& option) {
  return "  " + patterns + ") value=" + shell_word(bash_value_of(option)) + " ;;\n";
}

std::string argument_lines(const CommandInfo& command) {
  std::string lines;
  for (std::size_t place = 0; place < command.arguments.size(); ++place) {
    const auto& argument = command.arguments[place];
    const auto pattern = command.path + ':' + (argument.repeated ? "*" : std::to_string(place));
    if (argument.kind != ValueKind::text) // which is offered nothing
      lines += value_line(escaped(pattern), argument);
  }
  return lines;
}

} // namespace

std::string bash_completion(const CommandInfo& program) {
  std::vector<std::string> shared;
  for (const auto& option : program.options)
    shared.insert(shared.end(), option.names.begin(), option.names.end());
  auto script = bash_head + shell_word(joined(shared, " ")) + bash_command_part;
  std::string arguments;
  for (const auto* command : all_commands(program)) {
    std::vector<std::string> below;
    for (const auto& each : command->commands)
      below.push_back(each.name);
    script +=
      "  " + shell_word(command->path) + ")\n    commands=" + shell_word(joined(below, " ")) +
      "\n    options=" + shell_word(joined(option_names(program, *command), " ")) + "\n    ;;\n";
    arguments += argument_lines(*command);
  }
  script += value_part;
  for_each_value(program, [&](const std::vector<std::string>& patterns, const OptionInfo& option) {
    script += value_line(escaped(joined(patterns, "|")), option);
  });
  return script + bash_argument_part + arguments + bash_main_part;
}

} // namespace gleaner
