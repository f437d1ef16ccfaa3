#include "app/commands/completion.hpp"

#include <algorithm>
#include <string>

namespace gleaner {

namespace {

constexpr const char* zsh_head = R"(#compdef gleaner
# zsh completion of gleaner; made by `gleaner completion zsh`

)";

constexpr const char* foot = R"(
if [[ $funcstack[1] == _gleaner ]]; then
  _gleaner "$@" # autoloaded from a folder of $fpath
else
  compdef _gleaner gleaner # sourced
fi
)";

/// Text within a specification of _arguments.
std::string zsh_escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (std::string{R"(\[]:)"}.find(c) != std::string::npos)
      safe += '\\';
    safe += c;
  }
  return safe;
}

std::string zsh_value_of(const OptionInfo& option) {
  const auto message = ':' + zsh_escaped(option.value_name) + ':';
  switch (option.kind) {
  case ValueKind::none:
    return "";
  case ValueKind::text:
    return message + ' ';
  case ValueKind::file:
    return message + "_files";
  case ValueKind::folder:
    return message + "_files -/";
  case ValueKind::choice:
    return message + '(' + joined(option.choices, " ") + ')';
  }
  return "";
}

/// A line for each name; any of them excludes all of them.
std::string option_lines(const OptionInfo& option) {
  std::string lines;
  for (const auto& name : option.names) {
    std::string form = name;
    if (option.kind != ValueKind::none)
      form += name.starts_with("--") ? "=" : "+";
    const auto excluded = option.names.size() > 1 ? '(' + joined(option.names, " ") + ')' : "";
    lines += "    " +
             shell_word(excluded + form + '[' + zsh_escaped(option.description) + ']' +
                        zsh_value_of(option)) +
             '\n';
  }
  return lines;
}

std::string function_of(const CommandInfo& command) {
  auto name = "_gleaner " + command.path;
  std::replace(name.begin(), name.end(), ' ', '_');
  return command.path.empty() ? "_gleaner" : name;
}

std::string zsh_argument_lines(const CommandInfo& command) {
  std::string lines;
  for (const auto& argument : command.arguments) {
    auto described = argument;
    described.value_name = argument.description;
    const std::string place = argument.repeated ? "*" : argument.required ? "" : ":";
    lines += "    " + shell_word(place + zsh_value_of(described)) + '\n';
  }
  return lines;
}

/// Which command comes next, then what that one takes.
std::string dispatch(const CommandInfo& command) {
  std::string names;
  std::string calls;
  for (const auto& below : command.commands) {
    names += "      " + shell_word(below.name + ':' + below.help.summary) + '\n';
    calls += "    " + below.name + ") " + function_of(below) + " && result=0 ;;\n";
  }
  return "  case $state in\n"
         "  command)\n"
         "    commands=(\n" +
         names +
         "    )\n"
         "    _describe -t commands command commands && result=0\n"
         "    ;;\n"
         "  rest)\n"
         "    case $words[1] in\n" +
         calls +
         "    esac\n"
         "    ;;\n"
         "  esac\n"
         "  return result\n";
}

/// The program's options, which hold everywhere, are listed once.
std::string own_lines(const CommandInfo& program, const CommandInfo& command) {
  std::string lines;
  for (const auto& option : command.options) {
    const auto same = [&](const OptionInfo& shared) { return shared.names == option.names; };
    if (std::none_of(program.options.begin(), program.options.end(), same))
      lines += option_lines(option);
  }
  return lines + zsh_argument_lines(command);
}

std::string shared_lines(const CommandInfo& program) {
  std::string lines = "  local -a shared=(\n";
  for (const auto& option : program.options)
    lines += option_lines(option);
  return lines + "  )\n";
}

std::string function_text(const CommandInfo& program, const CommandInfo& command) {
  auto text = function_of(command) + "() {\n" +
              (&command == &program ? shared_lines(program) : "") + "  local -a own=(\n" +
              own_lines(program, command);
  if (command.commands.empty())
    return text + "  )\n  _arguments -s -S \"$shared[@]\" \"$own[@]\"\n}\n\n";
  return text +
         "    '(-): :->command'\n"
         "    '(-)*:: :->rest'\n"
         "  )\n"
         "  local context curcontext=$curcontext state state_descr line result=1\n"
         "  local -a commands\n"
         "  typeset -A opt_args\n"
         "  _arguments -s -S -C \"$shared[@]\" \"$own[@]\" && result=0\n" +
         dispatch(command) + "}\n\n";
}

} // namespace

std::string zsh_completion(const CommandInfo& program) {
  std::string script = zsh_head;
  for (const auto* command : all_commands(program))
    script += function_text(program, *command);
  script.pop_back();
  return script + foot;
}

} // namespace gleaner
