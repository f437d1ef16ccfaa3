#pragma once

#include "app/commands/command_tree.hpp"

#include <functional>
#include <string>

namespace gleaner {

/// Scripts that make a shell offer, on Tab, what `program` accepts at that place.
std::string bash_completion(const CommandInfo& program);
std::string zsh_completion(const CommandInfo& program);
std::string fish_completion(const CommandInfo& program);

/// Text as one word of bash and zsh: 'it'\''s'.
std::string shell_word(const std::string& text);

std::string joined(const std::vector<std::string>& parts, const char* between);

/// The names of the options that `command` has besides the program's, which hold everywhere: its
/// own and those of the commands above it.
std::vector<std::string> option_names(const CommandInfo& program, const CommandInfo& command);

/// For each option that takes a value, deepest command first: the patterns, not quoted, of
/// "COMMAND:--option" where it holds, such as "*:--queue" for everywhere.
void for_each_value(
  const CommandInfo& program,
  const std::function<void(const std::vector<std::string>& patterns, const OptionInfo&)>& use);

} // namespace gleaner
