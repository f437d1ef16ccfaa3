#include "core/provider_profile.hpp"

#include <cmath>

namespace gleaner {

double SearchCost::credits_for(std::uint32_t contacts) const {
  if (per == Per::request)
    return credits_per_request;
  return std::ceil(static_cast<double>(contacts) / contacts_per_credit);
}

} // namespace gleaner
