#pragma once

#include "core/normalize.hpp"
#include "tests/support/contact_copy.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gleaner::test {

inline RawContact raw_with(std::string_view address) {
  RawContact raw;
  raw.email = address;
  return raw;
}

struct Normalized {
  std::optional<Contact> contact; ///< A copy.
  std::vector<ContactReject> rejects;
};

inline Normalized run(const RawContact& raw) {
  Normalized result;
  Normalization normalization;
  if (const auto* contact = normalization.apply(raw, result.rejects))
    result.contact = copy_of(*contact);
  for (const auto& reject : result.rejects)
    BOOST_TEST(std::any_of(contact_rejects.begin(), contact_rejects.end(),
                           [&](const ContactReject& known) {
                             return known.field == reject.field && known.reason == reject.reason;
                           }),
               "not in the closed set: " << reject.field << ' ' << reject.reason);
  return result;
}

/// The reason why the only refused thing of `raw` was refused, as "field reason".
inline std::string refusal(const RawContact& raw) {
  const auto result = run(raw);
  if (result.rejects.size() != 1)
    return std::to_string(result.rejects.size()) + " rejects";
  return std::string{result.rejects[0].field} + ' ' + std::string{result.rejects[0].reason};
}

} // namespace gleaner::test
