#pragma once

#include "app/recent_hashes.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <functional>
#include <istream>
#include <string>
#include <vector>

namespace gleaner {

/// A line that names no domain.
struct RejectedLine {
  std::uint64_t line = 0; ///< 1-based.
  std::string reason;
};

/// Cleans, validates and de-duplicates domains in constant memory: a domain counts as a duplicate
/// when it is among the last million distinct ones. Only 64-bit hashes are kept, so of a million
/// domains one may be dropped by mistake with a chance of one in thirty million.
class DomainLines {
public:
  /// `take` gets every new domain, cleaned.
  explicit DomainLines(std::function<void(std::string)> take);

  /// One line; blank ones and those that begin with '#' count as nothing.
  void add(const std::string& line);

  /// All lines of a stream; overlong ones (above 4 KiB) are rejected without being kept.
  void add_all(std::istream& lines);

  /// add_all() of a file; "-" is standard input. Errc::usage when it can't be read.
  Status add_file(const std::string& path);

  /// add_all() passes over all lines before this one.
  void skip_to(std::uint64_t line) noexcept { first_line_ = line; }

  /// add_all() reads no further: whoever takes the domains can't go on.
  void stop() noexcept { stopped_ = true; }

  std::uint64_t lines() const noexcept { return line_; } ///< Read so far.
  std::uint64_t accepted() const noexcept { return accepted_; }
  std::uint64_t duplicates() const noexcept { return duplicates_; }
  std::uint64_t rejected() const noexcept { return rejected_; }
  /// The first twenty.
  const std::vector<RejectedLine>& rejects() const noexcept { return rejects_; }

private:
  void reject(std::string reason);

  std::function<void(std::string)> take_;
  RecentHashes seen_;
  std::vector<RejectedLine> rejects_;
  bool stopped_ = false;
  std::uint64_t first_line_ = 1;
  std::uint64_t line_ = 0, accepted_ = 0, duplicates_ = 0, rejected_ = 0;
};

} // namespace gleaner
