#include "app/client_redis.hpp"
#include "app/command.hpp"
#include "app/commands/job_json.hpp"
#include "app/commands/key_session.hpp"
#include "app/commands/quota_show.hpp"
#include "app/config_loader.hpp"
#include "app/domain_counts.hpp"
#include "app/domain_lines.hpp"
#include "app/exit_code.hpp"
#include "app/quota_plan.hpp"
#include "app/terminal.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>
#include <map>
#include <memory>
#include <optional>

namespace gleaner {

namespace {

using Json = nlohmann::ordered_json;

struct QuotaOptions {
  std::vector<std::string> domains;
  std::string file;
  std::string key;
  bool json = false;
};

/// Never more than it is.
std::string in_words(std::chrono::milliseconds least) {
  const auto seconds = least.count() / 1000;
  if (seconds == 0)
    return ", which the API's limits let go out at once";
  return ", which take at least " +
         (seconds == 1    ? "1 second"
          : seconds < 120 ? std::to_string(seconds) + " seconds"
                          : std::to_string(seconds / 60) + " minutes") +
         " at the API's limits";
}

/// "line 7", or "domain 7" of the command line.
std::string place_of(const QuotaOptions& options, std::uint64_t line) {
  return (options.file.empty() ? "domain " : "line ") + std::to_string(line);
}

struct Failures {
  std::uint64_t count = 0;
  std::optional<Error> first;
};

void print_plan(const QuotaOptions& options, const QuotaPlan& plan, const DomainLines& lines,
                const ApiAccount& account, const Failures& failures) {
  const auto unusable = lines.rejected() + failures.count;
  if (options.json) {
    std::cout << dump({{"schema", "gleaner.quota_plan/1"},
                       {"domains", plan.domains()},
                       {"contacts", plan.contacts()},
                       {"requests", plan.pages()},
                       {"credits", plan.credits()},
                       {"minutes", static_cast<double>(plan.least_time().count()) / 60000},
                       {"creditsRemaining", as_json(account.credits_remaining)},
                       {"resetDate", show_reset(account)},
                       {"runsOutAtLine", plan.runs_out_at() ? Json(*plan.runs_out_at()) : Json()},
                       {"unusable", unusable}})
              << '\n';
    return;
  }
  std::cout << plan.domains() << (plan.domains() == 1 ? " domain, " : " domains, ")
            << plan.contacts() << " contacts\n"
            << "credits   " << show_credits(plan.credits()) << " at most, of "
            << show_credits(account.credits_remaining) << " left"
            << (reset_time(account) ? " until " + account.reset_date : "") << '\n'
            << "requests  " << plan.pages() << in_words(plan.least_time()) << '\n';
  if (plan.runs_out_at())
    std::cout << "runs out  at " << place_of(options, *plan.runs_out_at()) << '\n';
}

int finish_plan(const QuotaOptions& options, const QuotaPlan& plan, const DomainLines& lines,
                const Failures& failures) {
  for (const auto& reject : lines.rejects())
    std::cerr << "gleaner: " << place_of(options, reject.line) << ": " << harmless(reject.reason)
              << '\n';
  if (failures.count > 0)
    std::cerr << "gleaner: " << failures.count
              << " domains could not be counted, the first: " << harmless(describe(*failures.first))
              << '\n';
  if (plan.domains() == 0 && failures.count > 0)
    return static_cast<int>(exit_code_of(failures.first->code));
  if (plan.domains() == 0) {
    std::cerr << "gleaner: no domain to plan for; name domains such as example.com\n";
    return static_cast<int>(ExitCode::usage);
  }
  if (plan.exceeds())
    return static_cast<int>(ExitCode::quota_exceeded);
  return static_cast<int>(lines.rejected() + failures.count > 0 ? ExitCode::partial : ExitCode::ok);
}

/// Counts all domains and adds them to the plan.
Status count_all(const QuotaOptions& options, const CommandEnvironment& environment,
                 KeySession& session, QuotaPlan& planned, Failures& failures,
                 std::optional<DomainLines>& lines) {
  std::map<std::uint64_t, std::vector<std::uint32_t>> by_line; // answers come in any order
  DomainCounts counts{session.api(), session.count_budget(),
                      environment.loaded.profile.count_windows,
                      [&](const std::string&, std::uint64_t line, Result<std::uint32_t> count) {
                        if (count)
                          return by_line[line].push_back(*count);
                        ++failures.count;
                        failures.first = failures.first.value_or(count.error());
                      }};
  lines.emplace([&](std::string domain) { counts.ask(std::move(domain), lines->lines()); });
  for (const auto& domain : options.domains)
    lines->add(domain);
  auto read = options.file.empty() ? Status{Done{}} : lines->add_file(options.file);
  counts.finish();
  for (const auto& [line, contacts] : by_line)
    for (const auto each : contacts)
      planned.add(each, line);
  if (counts.alone())
    std::cerr << "gleaner: Redis does not answer: the counts of other processes were not heeded\n";
  return read;
}

int plan(const QuotaOptions& options, const CommandEnvironment& environment) {
  const auto key = find_key(environment.config, options.key);
  if (!key)
    return report_failure(key.error());
  const auto where = client_redis(environment.config);
  if (!where && !environment.config.redis.url.empty())
    return report_failure(where.error());
  std::optional<redis::RedisClient> redis; // else nobody shares the key
  if (where)
    redis.emplace(*where, "");
  KeySession session{environment, *key, redis ? &*redis : nullptr};
  const auto account = session.account();
  if (!account)
    return report_failure(about_key(key->name, account.error()));
  QuotaPlan planned{environment.config.api, *key, environment.loaded.profile.cost,
                    spendable(*account, key->caps)};
  Failures failures;
  std::optional<DomainLines> lines;
  if (const auto read = count_all(options, environment, session, planned, failures, lines); !read)
    return report_failure(read.error());
  if (has_no_credits(*account))
    std::cerr << "gleaner: " << why_no_credits(*account) << '\n';
  if (planned.domains() > 0)
    print_plan(options, planned, *lines, *account, failures);
  return finish_plan(options, planned, *lines, failures);
}

void add_show(CLI::App& quota, Command& chosen) {
  const auto json = std::make_shared<bool>(false);
  auto* shows = quota.add_subcommand("show",
                                     R"(Shows each API key: its account, what was spent, its pace.

Examples:
  gleaner quota show
  gleaner quota show --json)");
  shows->add_flag("--json", *json, "As one JSON document");
  shows->callback([&chosen, json] {
    chosen = [json](const CommandEnvironment& environment) {
      return show_quota(*json, environment);
    };
  });
}

void add_plan(CLI::App& quota, Command& chosen) {
  const auto options = std::make_shared<QuotaOptions>();
  auto* plans =
    quota.add_subcommand("plan", R"(Says what collecting domains would cost, by the API's
free count.

Examples:
  gleaner quota plan example.com example.org
  gleaner quota plan --file domains.txt --json

Nothing is queued and no credit spent. Exit code 5 when the credits are not enough.)");
  auto* domains =
    plans->add_option("domains", options->domains, "Domains, URLs or e-mail addresses");
  plans->add_option("--file", options->file, "File with one per line; - is standard input")
    ->type_name("FILE")
    ->excludes(domains);
  plans->add_option("--key", options->key, "Name of the API key; the first without it");
  plans->add_flag("--json", options->json, "As one JSON document");
  plans->callback([&chosen, options] {
    chosen = [options](const CommandEnvironment& environment) {
      return plan(*options, environment);
    };
  });
}

} // namespace

void add_quota_command(CLI::App& app, Command& chosen) {
  auto* quota = app.add_subcommand("quota", R"(Shows credits, and what collecting would cost.

Examples:
  gleaner quota show
  gleaner quota plan --file domains.txt)");
  quota->require_subcommand(1);
  add_show(*quota, chosen);
  add_plan(*quota, chosen);
}

} // namespace gleaner
