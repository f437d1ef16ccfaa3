#pragma once

#include "app/domain_lines.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace gleaner {

/// What would be queued.
struct DryRun {
  std::vector<std::string> domains;
  std::string file; ///< In place of `domains`; "-" is standard input.
  std::uint64_t from_line = 1;
  bool json = false;
};

/// Reads the domains and says how many jobs they would make, without Redis; an exit code.
int enqueue_dry_run(const DryRun& wanted);

/// Says on stderr that nothing can be queued; the exit code for it. `file`: where none was, or "".
int report_no_domain(const std::string& file);

/// Says on stderr which lines name no domain.
void report_rejects(const DomainLines& lines, bool from_file);

} // namespace gleaner
