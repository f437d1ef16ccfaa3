#include "tests/simulator/search_query.hpp"

#include <algorithm>

namespace gleaner::sim {

namespace {

bool lists(const std::vector<std::string>& values, std::string_view value) {
  return values.empty() || std::find(values.begin(), values.end(), value) != values.end();
}

} // namespace

bool PeopleFilter::active() const {
  return !type.empty() || !seniority.empty() || !department.empty() || !verification.empty() ||
         decision_maker || needs_full_name || needs_position || needs_phone;
}

bool PeopleFilter::matches(const Person& person) const {
  if (!type.empty() && (type == "generic") != person.generic)
    return false;
  // "~" asks for people without a department.
  const auto department_or_none = person.department.empty() ? "~" : person.department;
  if (!lists(seniority, person.seniority) || !lists(department, department_or_none) ||
      !lists(verification, person.verification))
    return false;
  if (decision_maker && person.decision_maker != decision_maker)
    return false;
  return (!needs_full_name || person.names_known) && (!needs_position || person.position) &&
         (!needs_phone || person.phone);
}

} // namespace gleaner::sim
