#pragma once

#include "core/page_plan.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <vector>

namespace gleaner::test {

/// Offsets that the plan asks for now.
inline std::vector<std::uint32_t> ask(PagePlan& plan) {
  std::vector<std::uint32_t> offsets;
  while (const auto slice = plan.next())
    offsets.push_back(slice->offset);
  return offsets;
}

/// A page comes and is kept.
inline void come(PagePlan& plan, std::uint32_t offset, std::uint32_t rows,
                 std::uint32_t new_addresses, std::uint32_t total) {
  BOOST_TEST(plan.fetched(offset, rows, new_addresses, total));
  BOOST_TEST(plan.kept(offset));
}

using Offsets = std::vector<std::uint32_t>;

} // namespace gleaner::test
