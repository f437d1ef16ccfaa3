#pragma once

#include "tests/simulator/fault_kind.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace gleaner::sim {

/// One fault that a domain's name asks for.
struct DomainFault {
  FaultKind kind;
  std::uint32_t times = 0; ///< Only the first requests of each page; 0: all.
  std::uint32_t page = 0;  ///< Only this page (1-based); 0: all.
};

/// What the first label of a domain's name asks for: parts joined by '-', read until one is not
/// understood. See `domain_name_help()`.
struct DomainTraits {
  std::optional<std::uint32_t> contacts;
  std::vector<DomainFault> faults;
  std::uint32_t delay_ms = 0;
  std::uint32_t plan_cap = 0;
  bool unknown = false;
  bool webmail = false;
  bool disposable = false;
  bool accept_all = false;
  bool drift = false;
  bool duplicates = false;
  bool short_pages = false;
};

DomainTraits traits_of(std::string_view domain);

/// The list of parts, for README and --help.
std::string domain_name_help();

} // namespace gleaner::sim
