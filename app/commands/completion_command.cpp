#include "app/command.hpp"
#include "app/commands/completion.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

namespace gleaner {

void add_completion_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("completion", R"(Prints a script that completes on Tab.

Examples:
  source <(gleaner completion bash)             for this shell
  gleaner completion bash > ~/.local/share/bash-completion/completions/gleaner
  gleaner completion zsh > ~/.zfunc/_gleaner    a folder of $fpath
  gleaner completion fish > ~/.config/fish/completions/gleaner.fish)");
  const auto shell = std::make_shared<std::string>();
  command->add_option("shell", *shell, "The shell that reads it")
    ->check(CLI::IsMember({"bash", "zsh", "fish"}))
    ->required();
  command->callback([&app, &chosen, shell] {
    // `app` outlives what is chosen, and is complete when that runs.
    chosen = [&app, shell](const CommandEnvironment&) {
      const auto program = describe_command(app);
      std::cout << (*shell == "bash"  ? bash_completion(program)
                    : *shell == "zsh" ? zsh_completion(program)
                                      : fish_completion(program));
      return 0;
    };
  });
}

} // namespace gleaner
