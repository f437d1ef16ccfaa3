#include "tests/simulator/people.hpp"

#include "tests/simulator/random.hpp"

#include <algorithm>

namespace gleaner::sim {

namespace {

/// One row in so many is a role address.
constexpr std::uint32_t role_share = 11;
constexpr std::uint32_t most_seeded = 400;

constexpr std::array<std::string_view, 4> patterns{"{first}.{last}", "{first}_{last}",
                                                   "{last}.{first}", "{first}-{last}"};
constexpr std::array<std::string_view, 3> verdicts{"valid", "accept_all", "unknown"};

/// Sources per address: most have none or one, few have many, the API's maximum is 20.
std::uint32_t source_count(Random& random) {
  const auto dice = random.below(1000);
  if (dice < 400)
    return 0;
  if (dice < 875)
    return 1;
  return dice < 988 ? 2 + random.below(2) : 5 + random.below(16);
}

/// Each combination of names comes once before numbers are appended: the step is coprime to their
/// count.
void name_person(Person& person, const Company& company, std::uint32_t index) {
  constexpr auto combinations = static_cast<std::uint32_t>(first_names.size() * last_names.size());
  constexpr std::uint64_t step = 1237;
  const auto start = company.seed >> 40;
  const auto pick = static_cast<std::uint32_t>((index * step + start) % combinations);
  person.first = &first_names[pick / last_names.size()];
  person.last = &last_names[pick % last_names.size()];
  person.round = index / combinations;
}

void name_role(Person& person, std::uint32_t index) {
  const auto number = index / role_share;
  person.generic = true;
  person.role = roles[number % roles.size()];
  person.round = number / static_cast<std::uint32_t>(roles.size());
}

void fill_details(Person& person, Random& random, bool all, bool none) {
  const auto known = [&](std::uint32_t percent) {
    const bool hit = random.chance(percent);
    return all || (hit && !none);
  };
  const bool is_person = !person.generic;
  person.names_known = known(85) && is_person;
  if (known(60) && is_person)
    person.position = &positions[random.below(positions.size())];
  if (known(55) && is_person)
    person.seniority = seniorities[random.below(seniorities.size())];
  if (known(65))
    person.department = departments[random.below(departments.size())];
  person.linkedin = known(35) && is_person;
  person.twitter = known(8) && is_person;
  person.phone = known(10);
  if (known(40)) {
    person.verified_on = day(days - 1 - random.below(30));
    person.verification = verdicts[std::min(random.below(5) / 2, 2u)];
  }
  if (known(70))
    person.decision_maker = random.chance(20);
}

void append_upper(std::string& out, std::string_view text) {
  for (const char c : text)
    out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

} // namespace

Company company_of(std::uint64_t seed, std::string_view domain,
                   std::optional<std::uint32_t> contacts) {
  Company company;
  company.seed = mixed(hash_of(domain) ^ mixed(seed));
  Random random{company.seed};
  company.people = contacts.value_or(random.below(most_seeded + 1));
  company.pattern = patterns[random.below(patterns.size())];
  return company;
}

Person person_at(const Company& company, std::uint32_t index, std::string_view nulls) {
  Random random{mixed(company.seed + index)};
  Person person;
  person.entropy = mixed(company.seed ^ (std::uint64_t{index} << 20));
  if (index % role_share == company.seed % role_share)
    name_role(person, index);
  else
    name_person(person, company, index);
  person.sources = source_count(random);
  person.confidence = person.sources > 0 ? 70 + random.below(31) : 30 + random.below(61);
  person.shouting = random.chance(4);
  fill_details(person, random, nulls == "none", nulls == "all");
  return person;
}

void append_local_part(std::string& out, const Person& person, const Company& company) {
  const auto append = [&](std::string_view text) {
    if (person.shouting)
      append_upper(out, text);
    else
      out.append(text);
  };
  if (person.generic) {
    append(person.role);
  } else {
    const bool last_first = company.pattern.starts_with("{last}");
    append(last_first ? person.last->ascii : person.first->ascii);
    out += company.pattern[company.pattern.find('}') + 1];
    append(last_first ? person.first->ascii : person.last->ascii);
  }
  if (person.round > 0)
    out += std::to_string(person.round + 1);
}

} // namespace gleaner::sim
