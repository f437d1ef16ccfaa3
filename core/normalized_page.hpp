#pragma once

#include "core/contact.hpp"

#include <cstdint>
#include <vector>

namespace gleaner {

/// A page after parsing and normalisation.
struct NormalizedPage {
  PageHeader header;
  std::vector<Contact> contacts; ///< In the page's order; addresses may repeat.
  std::uint32_t rejected = 0;    ///< Rows that could not be used.
};

} // namespace gleaner
