#include "adapters/bullmq/compatibility.hpp"
#include "adapters/bullmq/queue_producer.hpp"
#include "app/client_redis.hpp"
#include "app/command.hpp"
#include "app/commands/command_tracing.hpp"
#include "app/commands/enqueue_dry_run.hpp"
#include "app/commands/enqueuer.hpp"
#include "app/commands/job_json.hpp"
#include "app/commands/job_watcher.hpp"
#include "app/commands/resume_hint.hpp"
#include "app/domain_lines.hpp"
#include "app/exit_code.hpp"
#include "app/setting_table.hpp"
#include "app/setting_values.hpp"
#include "app/signals.hpp"
#include "app/terminal.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>
#include <optional>

namespace gleaner {

namespace {

constexpr std::size_t most_ids_listed = 1000;

struct EnqueueOptions {
  std::vector<std::string> domains;
  std::string file;
  std::uint32_t priority = 0;
  std::string delay = "0s";
  std::uint32_t attempts = 3;
  std::uint64_t from_line = 1;
  std::uint64_t max_waiting = 0;
  std::string key, tenant;
  bool refresh = false, dry_run = false, dedupe = false;
  std::string dedupe_for; ///< Empty: not asked for.
  bool wait = false, json = false;
  std::string timeout = "1h";
};

/// What is printed at the end.
struct Summary {
  const Enqueuer& enqueuer;
  const DomainLines& lines;
  const std::vector<JobId>& first_ids;
};

void print_summary(const EnqueueOptions& options, const Summary& summary) {
  const auto& [enqueuer, lines, first_ids] = summary;
  if (options.json) {
    nlohmann::ordered_json document{{"schema", "gleaner.enqueue/1"},
                                    {"queued", enqueuer.queued()},
                                    {"existing", enqueuer.existing()},
                                    {"duplicates", lines.duplicates()},
                                    {"rejectedCount", lines.rejected()},
                                    {"rejected", nlohmann::ordered_json::array()},
                                    {"ids", first_ids}};
    for (const auto& reject : lines.rejects())
      document["rejected"].push_back({{"line", reject.line}, {"reason", reject.reason}});
    std::cout << document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    return;
  }
  std::cout << "queued " << jobs_in_words(enqueuer.queued());
  if (enqueuer.existing() > 0)
    std::cout << ", " << enqueuer.existing()
              << (enqueuer.existing() == 1 ? " has one" : " have one") << " already";
  if (lines.duplicates() > 0)
    std::cout << ", " << lines.duplicates()
              << (lines.duplicates() == 1 ? " duplicate" : " duplicates") << " dropped";
  if (lines.rejected() > 0)
    std::cout << ", " << lines.rejected() << " rejected";
  std::cout << '\n' << std::flush;
}

int finish(const EnqueueOptions& options, const Summary& summary, JobWatcher* watcher) {
  const auto& [enqueuer, lines, first_ids] = summary;
  report_rejects(lines, !options.file.empty());
  if (enqueuer.failure()) {
    std::cerr << "gleaner: " << jobs_in_words(enqueuer.queued()) << " queued; "
              << (options.file.empty() ? "name the rest again" : "go on with --from-line ");
    if (!options.file.empty())
      std::cerr << enqueuer.next_line();
    std::cerr << (enqueuer.deduplicates() ? "" : " (a few of the next may be queued too)") << '\n';
    return report_failure(*enqueuer.failure());
  }
  if (enqueuer.queued() + enqueuer.existing() == 0)
    return report_no_domain(options.file);
  print_summary(options, summary);
  std::cout.flush(); // the wait may be long
  if (watcher) {
    block_signals();
    if (const auto code = watcher->wait(*parse_duration(options.timeout)); code != ExitCode::ok)
      return static_cast<int>(code);
  }
  return static_cast<int>(lines.rejected() > 0 ? ExitCode::partial : ExitCode::ok);
}

Result<bullmq::AddOptions> add_options(const EnqueueOptions& options) {
  const auto delay = parse_duration(options.delay);
  if (!delay || !parse_duration(options.timeout))
    return Error{Errc::usage, "--delay and --timeout take durations such as 500ms, 30s, 2h"};
  const auto dedupe_for = parse_duration(options.dedupe_for.empty() ? "0s" : options.dedupe_for);
  if (!dedupe_for || (dedupe_for->count() == 0 && !options.dedupe_for.empty()))
    return Error{Errc::usage, "--dedupe-for: '" + options.dedupe_for +
                                "' is no duration above 0 with its unit, such as 24h"};
  if (const auto fault = fault_of_key_name(options.key);
      !options.key.empty() && options.key != "default" && !fault.empty())
    return Error{Errc::usage, "--key: " + fault};
  bullmq::AddOptions add;
  add.priority = options.priority;
  add.delay = *delay;
  add.attempts = options.attempts;
  add.deduplicate = options.dedupe || dedupe_for->count() > 0;
  add.deduplicate_for = *dedupe_for;
  add.key_name = options.key;
  add.tenant = options.tenant;
  add.refresh = options.refresh;
  return add;
}

/// Reads, queues and reports.
int enqueue_all(const EnqueueOptions& options, const bullmq::AddOptions& add,
                bullmq::QueueProducer& producer, bullmq::JobBrowser browser, JobWatcher* watcher) {
  std::vector<JobId> first_ids;
  Enqueuer enqueuer{producer,
                    browser,
                    add,
                    {options.max_waiting, options.from_line},
                    [&](const bullmq::AddedJob& job) {
                      if (first_ids.size() < most_ids_listed)
                        first_ids.push_back(job.id);
                      if (watcher)
                        watcher->expect(job.id, job.is_new);
                    }};
  DomainLines lines{[&](std::string domain) {
    enqueuer.take(std::move(domain), lines.lines());
    if (enqueuer.failure())
      lines.stop();
  }};
  std::optional<ResumeHint> hint;
  if (!options.file.empty())
    hint.emplace(enqueuer.next_line());
  lines.skip_to(options.from_line);
  for (const auto& domain : options.domains)
    lines.add(domain);
  const auto read = options.file.empty() ? Status{Done{}} : lines.add_file(options.file);
  enqueuer.finish();
  hint.reset();
  if (!read)
    return report_failure(read.error());
  return finish(options, {enqueuer, lines, first_ids}, watcher);
}

int enqueue(const EnqueueOptions& options, const CommandEnvironment& environment) {
  if (options.wait)
    block_signals();
  const auto add = add_options(options);
  if (!add)
    return report_failure(add.error());
  if (const auto& named = environment.config.api.named_keys;
      !options.key.empty() && options.key != "default" && !named.contains(options.key))
    std::cerr << "gleaner: no API key is called '" << harmless(options.key)
              << "' here; a worker that has none of that name either fails such a job\n";
  if (options.dry_run)
    return enqueue_dry_run({options.domains, options.file, options.from_line, options.json});
  const auto redis = client_redis(environment.config);
  if (!redis)
    return report_failure(redis.error());
  const bullmq::QueueKeys keys{environment.config.queue.prefix, environment.config.queue.name};
  redis::RedisClient client{*redis, ""};
  const auto& accepted = environment.config.queue.accept_version;
  if (const auto fits = bullmq::check_compatibility(client, keys, accepted); !fits)
    return report_failure(fits.error());
  std::optional<JobWatcher> watcher;
  if (options.wait)
    watcher.emplace(*redis, keys);
  unblock_signals(); // the clients' threads leave them to this one, which they end while it reads
  const CommandTracing tracing{environment};
  bullmq::QueueProducer producer{client, keys, tracing.tracer()};
  return enqueue_all(options, *add, producer, {client, keys}, watcher ? &*watcher : nullptr);
}

} // namespace

// NOLINTNEXTLINE(readability-function-size): a table
void add_enqueue_command(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<EnqueueOptions>();
  auto* command = app.add_subcommand("enqueue", R"(Queues a collection job for each domain.

Examples:
  gleaner enqueue example.com https://www.example.org/about
  gleaner enqueue --file domains.txt --priority 5 --delay 30s
  zcat domains.gz | gleaner enqueue --file - --json
  gleaner enqueue --file domains.txt --wait --timeout 10m
  gleaner enqueue --file million.txt --max-waiting 10000 --dedupe

URLs and addresses are reduced to their domain, duplicates dropped, lines that
name no domain reported and left out (exit code 4).)");
  auto* domains =
    command->add_option("domains", options->domains, "Domains, URLs or e-mail addresses");
  auto* file =
    command->add_option("--file", options->file, "File with one per line; - is standard input")
      ->type_name("FILE")
      ->excludes(domains);
  command->add_option("--priority", options->priority, "1 (first) to 2097151; 0: none")
    ->check(CLI::Range(0, 2097151));
  command->add_option("--delay", options->delay, "Start no sooner than after this, e.g. 30s")
    ->type_name("DURATION");
  command->add_option("--attempts", options->attempts, "Tries before a job fails for good")
    ->check(CLI::Range(1, 1000))
    ->capture_default_str();
  command
    ->add_option("--from-line", options->from_line,
                 "Begin here in the file, to go on after an interruption")
    ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 62))
    ->needs(file);
  command
    ->add_option("--max-waiting", options->max_waiting,
                 "Queue no more while so many jobs wait; 0: no limit")
    ->check(CLI::Range(0, 1000000000));
  command->add_flag("--dedupe", options->dedupe,
                    "Leave out domains with an unfinished job that was queued with --dedupe");
  command
    ->add_option("--dedupe-for", options->dedupe_for,
                 "Leave out domains queued within this time, ended or not")
    ->type_name("DURATION");
  command->add_option("--key", options->key, "Name of the API key that the jobs use");
  command->add_option("--tenant", options->tenant, "Whose jobs they are: picks the API key");
  command->add_flag("--refresh", options->refresh,
                    "Collect anew even where a recent collection is");
  command->add_flag("--dry-run", options->dry_run,
                    "Only say what would be queued; `gleaner quota plan` says what it would cost");
  command->add_flag("--wait", options->wait, "Wait until all have ended");
  command->add_option("--timeout", options->timeout, "Longest wait")
    ->type_name("DURATION")
    ->capture_default_str();
  command->add_flag("--json", options->json, "Summary as one JSON document");
  command->callback([&chosen, options] {
    chosen = [options](const CommandEnvironment& environment) {
      return enqueue(*options, environment);
    };
  });
}

} // namespace gleaner
