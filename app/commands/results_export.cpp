#include "app/commands/results_export.hpp"

#include "adapters/store/collection_json.hpp"
#include "adapters/store/file_store.hpp"
#include "app/client_redis.hpp"
#include "app/collection_export.hpp"
#include "app/exit_code.hpp"
#include "app/terminal.hpp"

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

namespace gleaner {

namespace {

struct ExportOptions {
  std::string format = "csv";
  std::string output = "-";
  std::string csv_safe = "excel";
  std::vector<std::string> domains;
};

/// Writes collections in one of the formats.
class Exporter {
public:
  Exporter(std::ostream& out, const ExportOptions& options) : out_(out), options_(options) {
    if (options_.format == "csv")
      out_ << csv_header();
    else if (options_.format == "json")
      out_ << '[';
  }

  void write(const Collection& collection) {
    if (options_.format == "csv")
      write_csv(out_, collection, options_.csv_safe == "excel");
    else if (options_.format == "ndjson")
      write_ndjson(out_, collection);
    else
      out_ << (first_ ? "\n" : ",\n") << store::to_json(collection);
    first_ = false;
  }

  void finish() {
    if (options_.format == "json")
      out_ << "\n]\n";
    out_.flush();
  }

private:
  std::ostream& out_;
  const ExportOptions& options_;
  bool first_ = true;
};

/// Loads what was asked for, all of it when nothing was named. ok, partial when some of it is
/// missing, not_found when all of it is.
Result<ExitCode> write_all(const ExportOptions& options, store::FileStore& store,
                           Exporter& exporter) {
  std::size_t written = 0, missing = 0;
  const auto write = [&](const std::string& domain) {
    const auto collection = store.load(domain);
    ++(collection ? written : missing);
    if (collection)
      exporter.write(*collection);
    else
      (void)report_failure(collection.error());
  };
  const auto outcome = [&] {
    if (missing == 0)
      return ExitCode::ok;
    return written > 0 ? ExitCode::partial : ExitCode::not_found;
  };
  for (const auto& domain : options.domains)
    write(domain);
  if (!options.domains.empty())
    return outcome();
  const auto listed = store.list(
    [&](const CollectionInfo& info) {
      write(info.domain);
      return true;
    },
    [&](const Error& error) {
      ++missing;
      (void)report_failure(error);
    });
  if (!listed)
    return listed.error();
  return outcome();
}

Error cannot_write(const std::string& path) {
  return {Errc::store_unwritable, "cannot write " + path + ": " + std::strerror(errno)};
}

/// Where a link leads in the end, also when nothing is there yet; the link itself stays.
std::string end_of_links(std::filesystem::path path) {
  constexpr int most_links = 40; // as many as Linux follows
  std::error_code error;
  for (int i = 0; i < most_links && std::filesystem::is_symlink(path, error); ++i)
    path = path.parent_path() / std::filesystem::read_symlink(path, error);
  return path.string();
}

/// Makes `part` durable and puts it in the place of `path`.
Status put_in_place(const std::string& part, const std::string& path) {
  const int file = open(part.c_str(), O_RDONLY | O_CLOEXEC);
  const bool durable = file >= 0 && fsync(file) == 0;
  if (file >= 0)
    close(file);
  if (!durable || std::rename(part.c_str(), path.c_str()) != 0)
    return cannot_write(path);
  return Done{};
}

int export_to(std::ostream& out, const ExportOptions& options, store::FileStore& store) {
  Exporter exporter{out, options};
  const auto outcome = write_all(options, store, exporter);
  if (!outcome)
    return report_failure(outcome.error());
  exporter.finish();
  if (!out && &out != &std::cout) // the end of the command tells of standard output
    return report_failure(cannot_write(options.output));
  return static_cast<int>(*outcome);
}

int export_results(const ExportOptions& options, const CommandEnvironment& environment) {
  store::FileStore store{environment.config.store};
  if (options.output == "-")
    return export_to(std::cout, options, store);
  struct stat found {};
  if (stat(options.output.c_str(), &found) == 0 && !S_ISREG(found.st_mode))
    return report_failure({Errc::usage, options.output +
                                          " is no regular file; use --output - and a "
                                          "redirection"});
  const auto target = end_of_links(options.output);
  auto part = target + ".XXXXXX";
  const int created = mkostemp(part.data(), O_CLOEXEC); // mode 0600, like the collections
  if (created < 0)
    return report_failure(cannot_write(options.output));
  close(created);
  std::ofstream file{part, std::ios::binary | std::ios::trunc};
  const int code = export_to(file, options, store);
  file.close();
  if (code != 0 && code != static_cast<int>(ExitCode::partial)) {
    std::remove(part.c_str());
    return code;
  }
  const auto placed = put_in_place(part, target);
  if (placed)
    return code;
  std::remove(part.c_str());
  return report_failure(placed.error());
}

} // namespace

void add_export_command(CLI::App& results, Command& chosen) {
  const auto options = std::make_shared<ExportOptions>();
  auto* command = results.add_subcommand("export", R"(Writes contacts for other programs.

Examples:
  gleaner results export --format csv --output people.csv
  gleaner results export --format ndjson example.com | jq .email)");
  command->add_option("domains", options->domains, "Only these; without any, all");
  command->add_option("--format", options->format, "csv, ndjson or json")
    ->check(CLI::IsMember({"csv", "ndjson", "json"}))
    ->capture_default_str();
  command->add_option("--output", options->output, "File; - is standard output")
    ->type_name("FILE")
    ->capture_default_str();
  command
    ->add_option("--csv-safe", options->csv_safe,
                 "excel: cells that look like formulas get an apostrophe; raw: as they are")
    ->check(CLI::IsMember({"excel", "raw"}))
    ->capture_default_str();
  command->callback([&chosen, options] {
    chosen = [options](const CommandEnvironment& environment) {
      return export_results(*options, environment);
    };
  });
}

} // namespace gleaner
