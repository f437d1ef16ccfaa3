#include "adapters/bullmq/queue_producer.hpp"
#include "app/client_redis.hpp"
#include "app/command.hpp"
#include "app/commands/job_watcher.hpp"
#include "app/domain_lines.hpp"
#include "app/exit_code.hpp"
#include "app/setting_values.hpp"
#include "app/signals.hpp"
#include "app/terminal.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>

namespace gleaner {

namespace {

constexpr std::size_t chunk_size = 1000;
constexpr std::size_t most_ids_listed = 1000;

struct EnqueueOptions {
  std::vector<std::string> domains;
  std::string file;
  std::uint32_t priority = 0;
  std::string delay = "0s";
  std::uint32_t attempts = 3;
  bool wait = false;
  std::string timeout = "1h";
  bool json = false;
};

/// Queues domains as they come, a chunk at a time.
class Enqueuer {
public:
  Enqueuer(bullmq::QueueProducer& producer, bullmq::AddOptions options, JobWatcher* watcher)
      : producer_(producer), options_(options), watcher_(watcher) {}

  /// Called once, when Redis takes no more; later domains are let go.
  void on_failure(std::function<void()> call) { on_failure_ = std::move(call); }

  void take(std::string domain) {
    if (failure_)
      return;
    chunk_.push_back(std::move(domain));
    if (chunk_.size() >= chunk_size)
      flush();
  }

  void flush() {
    if (chunk_.empty() || failure_)
      return;
    const auto jobs = producer_.add(chunk_, options_);
    if (!jobs) {
      failure_ = jobs.error();
      chunk_.clear();
      if (on_failure_)
        on_failure_();
      return;
    }
    queued_ += jobs->size();
    for (const auto& [id, is_new] : *jobs) {
      if (first_ids_.size() < most_ids_listed)
        first_ids_.push_back(id);
      if (watcher_)
        watcher_->expect(id);
    }
    chunk_.clear();
  }

  const std::optional<Error>& failure() const noexcept { return failure_; }
  std::uint64_t queued() const noexcept { return queued_; }
  const std::vector<JobId>& first_ids() const noexcept { return first_ids_; }

private:
  bullmq::QueueProducer& producer_;
  bullmq::AddOptions options_;
  JobWatcher* watcher_;
  std::vector<std::string> chunk_;
  std::vector<JobId> first_ids_;
  std::uint64_t queued_ = 0;
  std::optional<Error> failure_;
  std::function<void()> on_failure_;
};

Error unreadable(const std::string& file) {
  return {Errc::usage, "cannot read " + file + ": " + std::strerror(errno) +
                         "; name a readable file, or - for standard input"};
}

Status read_domains(const EnqueueOptions& options, DomainLines& lines) {
  for (const auto& domain : options.domains)
    lines.add(domain);
  if (options.file == "-") {
    lines.add_all(std::cin);
    if (std::cin.bad())
      return unreadable("standard input");
  } else if (!options.file.empty()) {
    std::ifstream file{options.file};
    if (!file)
      return unreadable(options.file);
    lines.add_all(file);
    if (file.bad())
      return unreadable(options.file);
  }
  return Done{};
}

void report_rejects(const DomainLines& lines, bool from_file) {
  for (const auto& reject : lines.rejects())
    std::cerr << "gleaner: " << (from_file ? "line " + std::to_string(reject.line) + ": " : "")
              << harmless(reject.reason) << '\n';
  if (lines.rejected() > lines.rejects().size())
    std::cerr << "gleaner: and " << lines.rejected() - lines.rejects().size()
              << " more lines that name no domain\n";
}

void print_summary(const EnqueueOptions& options, const Enqueuer& enqueuer,
                   const DomainLines& lines) {
  if (options.json) {
    nlohmann::ordered_json document{{"schema", "gleaner.enqueue/1"},
                                    {"queued", enqueuer.queued()},
                                    {"duplicates", lines.duplicates()},
                                    {"rejectedCount", lines.rejected()},
                                    {"rejected", nlohmann::ordered_json::array()},
                                    {"ids", enqueuer.first_ids()}};
    for (const auto& reject : lines.rejects())
      document["rejected"].push_back({{"line", reject.line}, {"reason", reject.reason}});
    std::cout << document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    return;
  }
  std::cout << "queued " << enqueuer.queued() << (enqueuer.queued() == 1 ? " job" : " jobs");
  if (lines.duplicates() > 0)
    std::cout << ", " << lines.duplicates()
              << (lines.duplicates() == 1 ? " duplicate" : " duplicates") << " dropped";
  if (lines.rejected() > 0)
    std::cout << ", " << lines.rejected() << " rejected";
  std::cout << '\n' << std::flush;
}

int finish(const EnqueueOptions& options, const Enqueuer& enqueuer, const DomainLines& lines,
           JobWatcher* watcher) {
  report_rejects(lines, !options.file.empty());
  if (enqueuer.failure()) {
    std::cerr << "gleaner: stopped at " << (options.file.empty() ? "domain " : "line ")
              << lines.lines() << ": " << enqueuer.queued() << " jobs are queued, and of the last "
              << chunk_size << " domains read some may be\n";
    return report_failure(*enqueuer.failure());
  }
  if (enqueuer.queued() == 0) {
    std::cerr << "gleaner: no domain to queue"
              << (options.file.empty() ? "" : " in " + harmless(options.file))
              << "; name domains such as example.com\n";
    return static_cast<int>(ExitCode::usage);
  }
  print_summary(options, enqueuer, lines);
  std::cout.flush(); // the wait may be long
  if (watcher) {
    block_signals();
    if (const auto code = watcher->wait(*parse_duration(options.timeout)); code != ExitCode::ok)
      return static_cast<int>(code);
  }
  return static_cast<int>(lines.rejected() > 0 ? ExitCode::partial : ExitCode::ok);
}

int enqueue(const EnqueueOptions& options, const CommandEnvironment& environment) {
  if (options.wait)
    block_signals();
  const auto delay = parse_duration(options.delay);
  if (!delay || !parse_duration(options.timeout))
    return report_failure(
      {Errc::usage, "--delay and --timeout take durations such as 500ms, 30s, 2h"});
  const auto redis = client_redis(environment.config);
  if (!redis)
    return report_failure(redis.error());
  const bullmq::QueueKeys keys{environment.config.queue.prefix, environment.config.queue.name};
  redis::RedisClient client{*redis, ""};
  if (const auto pong = client.call({"PING"}); !pong)
    return report_failure(pong.error());
  std::optional<JobWatcher> watcher;
  if (options.wait)
    watcher.emplace(*redis, keys);
  unblock_signals(); // the clients' threads leave them to this one, which they end while it reads
  bullmq::QueueProducer producer{client, keys};
  bullmq::AddOptions add;
  add.priority = options.priority;
  add.delay = *delay;
  add.attempts = options.attempts;
  Enqueuer enqueuer{producer, add, watcher ? &*watcher : nullptr};
  DomainLines lines{[&](std::string domain) { enqueuer.take(std::move(domain)); }};
  enqueuer.on_failure([&] { lines.stop(); });
  if (const auto read = read_domains(options, lines); !read)
    return report_failure(read.error());
  enqueuer.flush();
  return finish(options, enqueuer, lines, watcher ? &*watcher : nullptr);
}

} // namespace

void add_enqueue_command(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<EnqueueOptions>();
  auto* command = app.add_subcommand("enqueue", R"(Queues a collection job for each domain.

Examples:
  gleaner enqueue example.com https://www.example.org/about
  gleaner enqueue --file domains.txt --priority 5 --delay 30s
  zcat domains.gz | gleaner enqueue --file - --json
  gleaner enqueue --file domains.txt --wait --timeout 10m

URLs and addresses are reduced to their domain, duplicates dropped, lines that
name no domain reported and left out (exit code 4).)");
  command->add_option("domains", options->domains, "Domains, URLs or e-mail addresses");
  command->add_option("--file", options->file, "File with one per line; - is standard input")
    ->type_name("FILE");
  command->add_option("--priority", options->priority, "1 (first) to 2097151; 0: none")
    ->check(CLI::Range(0, 2097151));
  command->add_option("--delay", options->delay, "Start no sooner than after this, e.g. 30s")
    ->type_name("DURATION");
  command->add_option("--attempts", options->attempts, "Tries before a job fails for good")
    ->check(CLI::Range(1, 1000))
    ->capture_default_str();
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
