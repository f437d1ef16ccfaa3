#include "adapters/store/collection_json.hpp"
#include "adapters/store/file_store.hpp"
#include "app/client_redis.hpp"
#include "app/command.hpp"
#include "app/commands/results_export.hpp"
#include "app/confirmation.hpp"
#include "app/exit_code.hpp"
#include "app/terminal.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>

namespace gleaner {

namespace {

using Json = nlohmann::ordered_json;

struct ResultsOptions {
  bool json = false;
  bool yes = false;
  bool dry_run = false;
  std::vector<std::string> domains;
};

/// Says what can't be read; true when there was anything.
class Problems {
public:
  void operator()(const Error& error) {
    ++count_;
    std::cerr << "gleaner: " << harmless(describe(error)) << '\n';
  }
  int exit_code() const { return static_cast<int>(count_ > 0 ? ExitCode::partial : ExitCode::ok); }

private:
  int count_ = 0;
};

int list(const ResultsOptions& options, const Config& config) {
  store::FileStore store{config.store};
  Problems problems;
  Json found = Json::array();
  std::vector<std::vector<std::string>> rows{
    {"domain", "contacts", "total", "collected", "truncated", "file"}};
  const auto listed = store.list(
    [&](const CollectionInfo& info) {
      rows.push_back({info.domain, std::to_string(info.items), std::to_string(info.total),
                      info.collected_at, info.truncated, info.path});
      found.push_back({{"domain", info.domain},
                       {"items", info.items},
                       {"total", info.total},
                       {"collectedAt", info.collected_at},
                       {"truncated", info.truncated},
                       {"path", info.path},
                       {"bytes", info.bytes}});
      return true;
    },
    [&](const Error& error) { problems(error); });
  if (!listed)
    return report_failure(listed.error());
  if (options.json)
    std::cout << Json{{"schema", "gleaner.results/1"}, {"results", found}}.dump() << '\n';
  else
    std::cout << table(rows);
  return problems.exit_code();
}

int show(const ResultsOptions& options, const Config& config) {
  const auto collection = store::FileStore{config.store}.load(options.domains.front());
  if (!collection)
    return report_failure(collection.error());
  std::cout << store::to_json(*collection) << '\n';
  return 0;
}

int remove(const ResultsOptions& options, const Config& config) {
  const auto number = options.domains.size();
  const auto question =
    "remove " + std::to_string(number) + (number == 1 ? " collection?" : " collections?");
  if (const auto code = confirm(question, options.yes || options.dry_run); code != ExitCode::ok)
    return static_cast<int>(code);
  store::FileStore store{config.store};
  std::size_t missing = 0;
  for (const auto& domain : options.domains) {
    if (options.dry_run && store.exists(domain)) {
      std::cout << "would remove " << harmless(domain) << '\n';
      continue;
    }
    const auto removed =
      options.dry_run
        ? Status{Error{Errc::not_found, "there is no collection of \"" + domain + '"'}}
        : store.remove(domain);
    if (removed) {
      std::cout << "removed " << harmless(domain) << '\n';
      continue;
    }
    if (removed.error().code != Errc::not_found)
      return report_failure(removed.error());
    ++missing;
    (void)report_failure(removed.error());
  }
  if (missing == 0)
    return 0;
  return static_cast<int>(missing == options.domains.size() ? ExitCode::not_found
                                                            : ExitCode::partial);
}

using ResultsVerb = int (*)(const ResultsOptions&, const Config&);

CLI::App* add_results_verb(CLI::App& results, Command& chosen, const char* name, const char* text,
                           const std::shared_ptr<ResultsOptions>& options, ResultsVerb verb) {
  auto* command = results.add_subcommand(name, text);
  command->callback([&chosen, options, verb] {
    chosen = [options, verb](const CommandEnvironment& environment) {
      return verb(*options, environment.config);
    };
  });
  return command;
}

} // namespace

void add_results_command(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<ResultsOptions>();
  auto* results = app.add_subcommand("results", R"(Looks at stored collections.

Examples:
  gleaner results ls
  gleaner results show example.com
  gleaner results export --format csv --output people.csv
  gleaner results rm example.com --yes)");
  results->require_subcommand(1);
  add_results_verb(*results, chosen, "ls",
                   "Lists all collections.\n\nExamples:\n  gleaner results ls --json", options,
                   list)
    ->add_flag("--json", options->json, "As one JSON document");
  add_results_verb(*results, chosen, "show",
                   "Prints a collection as JSON.\n\nExamples:\n  gleaner results show example.com",
                   options, show)
    ->add_option("domain", options->domains, "Its domain")
    ->expected(1)
    ->required();
  add_export_command(*results, chosen);
  auto* rm = add_results_verb(
    *results, chosen, "rm",
    "Removes collections.\n\nExamples:\n  gleaner results rm example.com --dry-run", options,
    remove);
  rm->add_option("domains", options->domains, "Their domains")->required();
  rm->add_flag("--yes", options->yes, "Without asking");
  rm->add_flag("--dry-run", options->dry_run, "Only say what would go");
}

} // namespace gleaner
