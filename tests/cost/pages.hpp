#pragma once

#include "adapters/hunter/page_parser.hpp"
#include "core/normalized_page.hpp"
#include "core/shared_body.hpp"

#include <cstdint>
#include <string>

namespace gleaner::cost {

/// A page of `domain` as the simulated API answers it, with the room behind it that a transfer
/// leaves.
SharedBody page_body(const std::string& domain, std::uint32_t offset);

/// Reads it as the Normalizer does. Throws what a page should not have.
NormalizedPage read_page(hunter::PageParser& parser, const SharedBody& body);

/// The same page, read.
NormalizedPage read_page(const std::string& domain, std::uint32_t offset);

} // namespace gleaner::cost
