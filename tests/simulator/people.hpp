#pragma once

#include "tests/simulator/people_words.hpp"
#include "tests/simulator/switches.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gleaner::sim {

/// One entry of a domain; views point into the word tables. Empty stands for null.
struct Person {
  const Name* first = nullptr; ///< In the address; null for a role address.
  const Name* last = nullptr;
  std::string_view role;
  std::uint32_t round = 0; ///< > 0: the names are used up, so the address gets this number.
  bool generic = false;
  bool shouting = false;    ///< Upper-case address.
  bool names_known = false; ///< first_name and last_name are not null.
  bool linkedin = false, twitter = false, phone = false;
  std::optional<bool> decision_maker;
  const Position* position = nullptr;
  std::string_view seniority, department;
  std::string_view verified_on, verification;
  std::uint32_t confidence = 0;
  std::uint32_t sources = 0; ///< 0: the address was inferred.
  std::uint64_t entropy = 0; ///< For the details of sources and handles.
};

/// Everything about a domain that does not depend on a page.
struct Company {
  std::uint64_t seed = 0;
  std::uint32_t people = 0;
  std::string_view pattern; ///< As Hunter writes it, e.g. "{first}.{last}".
};

/// How many people `domain` has and how it writes addresses. @pre `domain` is lower-case
Company company_of(std::uint64_t seed, std::string_view domain,
                   std::optional<std::uint32_t> contacts);

/// Row `index` of the company, the same in every run with the same seed. Addresses of different
/// rows differ, also when case is ignored.
Person person_at(const Company& company, std::uint32_t index, std::string_view nulls);

/// The address's local part, as written.
void append_local_part(std::string& out, const Person& person, const Company& company);

} // namespace gleaner::sim
