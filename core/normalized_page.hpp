#pragma once

#include "core/contact_list.hpp"

#include <cstdint>

namespace gleaner {

/// A page after parsing and normalisation.
struct NormalizedPage {
  PageHeader header;
  ContactList contacts;       ///< In the page's order; addresses may repeat.
  std::uint32_t rejected = 0; ///< Rows that could not be used.
};

} // namespace gleaner
