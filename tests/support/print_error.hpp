#pragma once

#include "core/error.hpp"

#include <ostream>

namespace gleaner {

/// Lets Boost.Test show error codes by name.
inline std::ostream& boost_test_print_type(std::ostream& out, Errc code) {
  return out << to_string(code);
}

} // namespace gleaner
