#include "app/domain_lines.hpp"

#include "core/domain.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <limits>
#include <utility>

namespace gleaner {

namespace {

constexpr std::size_t most_rejects_kept = 20;
constexpr std::streamsize longest_line = 4096;
constexpr std::size_t most_remembered = 1000000;

/// FNV-1a with a final mix: std::hash may differ between builds, and 64 bits must be used well.
std::uint64_t hash_of(const std::string& text) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char byte : text)
    hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211u;
  hash ^= hash >> 32;
  return hash * 0x9E3779B97F4A7C15u;
}

} // namespace

DomainLines::DomainLines(std::function<void(std::string)> take)
    : take_(std::move(take)), seen_(most_remembered) {}

void DomainLines::reject(std::string reason) {
  ++rejected_;
  if (rejects_.size() < most_rejects_kept)
    rejects_.push_back({line_, std::move(reason)});
}

void DomainLines::add(const std::string& line) {
  ++line_;
  const auto first = line.find_first_not_of(" \t\r");
  if (first == std::string::npos || line[first] == '#')
    return;
  auto domain = clean_domain(line);
  if (!domain)
    return reject(describe(domain.error()));
  if (!seen_.insert(hash_of(*domain))) {
    ++duplicates_;
    return;
  }
  ++accepted_;
  take_(std::move(*domain));
}

void DomainLines::add_all(std::istream& lines) {
  constexpr auto room = longest_line + 1; // getline() puts a NUL behind the line
  std::string buffer(room, '\0');
  while (lines && line_ + 1 < first_line_) {
    lines.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
    ++line_;
  }
  while (lines && !stopped_) {
    lines.getline(buffer.data(), room);
    const auto length = lines.gcount();
    if (lines.fail() && length == longest_line) {
      lines.clear();
      lines.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
      ++line_;
      reject("longer than " + std::to_string(longest_line) + " bytes");
    } else if (!lines.fail()) {
      add(std::string{buffer.data(), static_cast<std::size_t>(lines.eof() ? length : length - 1)});
    }
  }
}

Status DomainLines::add_file(const std::string& path) {
  const bool standard = path == "-";
  std::ifstream file;
  if (!standard)
    file.open(path);
  std::istream& input = standard ? std::cin : file;
  if (input)
    add_all(input);
  if (input.bad() || (!standard && !file.is_open()))
    return Error{Errc::usage, "cannot read " + (standard ? "standard input" : path) + ": " +
                                std::strerror(errno) +
                                "; name a readable file, or - for standard input"};
  return Done{};
}

} // namespace gleaner
