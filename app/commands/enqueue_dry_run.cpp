#include "app/commands/enqueue_dry_run.hpp"

#include "app/client_redis.hpp"
#include "app/commands/job_json.hpp"
#include "app/exit_code.hpp"
#include "app/terminal.hpp"

#include <iostream>

namespace gleaner {

void report_rejects(const DomainLines& lines, bool from_file) {
  for (const auto& reject : lines.rejects())
    std::cerr << "gleaner: " << (from_file ? "line " + std::to_string(reject.line) + ": " : "")
              << harmless(reject.reason) << '\n';
  if (lines.rejected() > lines.rejects().size())
    std::cerr << "gleaner: and " << lines.rejected() - lines.rejects().size()
              << " more lines that name no domain\n";
}

int report_no_domain(const std::string& file) {
  std::cerr << "gleaner: no domain to queue" << (file.empty() ? "" : " in " + harmless(file))
            << "; name domains such as example.com\n";
  return static_cast<int>(ExitCode::usage);
}

int enqueue_dry_run(const DryRun& wanted) {
  DomainLines lines{[](const std::string&) {}};
  lines.skip_to(wanted.from_line);
  for (const auto& domain : wanted.domains)
    lines.add(domain);
  if (const auto read = wanted.file.empty() ? Status{Done{}} : lines.add_file(wanted.file); !read)
    return report_failure(read.error());
  report_rejects(lines, !wanted.file.empty());
  if (lines.accepted() == 0)
    return report_no_domain(wanted.file);
  if (wanted.json)
    std::cout << dump({{"schema", "gleaner.enqueue_dry_run/1"},
                       {"wouldQueue", lines.accepted()},
                       {"duplicates", lines.duplicates()},
                       {"rejectedCount", lines.rejected()}})
              << '\n';
  else
    std::cout << "would queue " << jobs_in_words(lines.accepted()) << ", " << lines.duplicates()
              << " duplicates dropped, " << lines.rejected() << " rejected; nothing was queued\n";
  return static_cast<int>(lines.rejected() > 0 ? ExitCode::partial : ExitCode::ok);
}

} // namespace gleaner
