#include "tests/simulator/domain_traits.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace gleaner::sim {

namespace {

constexpr std::uint32_t most_contacts = 1'000'000;

/// A part of a label: letters (and the digits of a fault's name), then perhaps a number.
struct Part {
  std::string_view name;
  std::optional<std::uint32_t> number;
};

std::optional<std::uint32_t> whole_number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool good = error == std::errc{} && end == text.data() + text.size();
  return good ? std::optional{value} : std::nullopt;
}

/// "throttle2" -> throttle, 2; "fail500x3" -> fail500, 3; nothing when the rest is no number.
std::optional<Part> split_after(std::string_view text, std::string_view name) {
  if (!text.starts_with(name))
    return std::nullopt;
  auto rest = text.substr(name.size());
  if (rest.empty())
    return Part{name, std::nullopt};
  if (rest.front() == 'x')
    rest.remove_prefix(1);
  const auto number = whole_number(rest);
  return number ? std::optional{Part{name, number}} : std::nullopt;
}

bool set_flag(DomainTraits& traits, std::string_view text) {
  using Flag = std::pair<std::string_view, bool DomainTraits::*>;
  static constexpr std::array<Flag, 8> flags{{{"empty", &DomainTraits::unknown},
                                              {"unknown", &DomainTraits::unknown},
                                              {"webmail", &DomainTraits::webmail},
                                              {"disposable", &DomainTraits::disposable},
                                              {"acceptall", &DomainTraits::accept_all},
                                              {"drift", &DomainTraits::drift},
                                              {"dups", &DomainTraits::duplicates},
                                              {"short", &DomainTraits::short_pages}}};
  const auto found =
    std::find_if(flags.begin(), flags.end(), [&](const Flag& flag) { return flag.first == text; });
  if (found == flags.end())
    return false;
  traits.*found->second = true;
  return true;
}

bool set_number(DomainTraits& traits, std::string_view text) {
  if (const auto part = split_after(text, "slow")) {
    traits.delay_ms = part->number.value_or(250);
    return true;
  }
  if (const auto part = split_after(text, "plan")) {
    traits.plan_cap = part->number.value_or(10);
    return true;
  }
  if (const auto part = split_after(text, "p"); part && part->number && !traits.faults.empty()) {
    traits.faults.back().page = *part->number;
    return true;
  }
  if (const auto part = split_after(text, "c"); part && part->number) {
    traits.contacts = std::min(*part->number, most_contacts);
    return true;
  }
  return false;
}

bool add_fault(DomainTraits& traits, std::string_view text) {
  if (text == "failonce")
    text = "flaky1";
  if (const auto part = split_after(text, "flaky")) {
    traits.faults.push_back({FaultKind::fail503, part->number.value_or(1), 0});
    return true;
  }
  // "reset" is the beginning of "resetbody": the whole part has to fit.
  for (const auto& fault : all_faults()) {
    if (const auto part = split_after(text, fault.name)) {
      traits.faults.push_back({fault.kind, part->number.value_or(0), 0});
      return true;
    }
  }
  return false;
}

} // namespace

DomainTraits traits_of(std::string_view domain) {
  DomainTraits traits;
  auto label = domain.substr(0, domain.find('.'));
  constexpr std::string_view once = "fail-once";
  while (!label.empty()) {
    auto end = std::min(label.find('-'), label.size());
    auto text = label.substr(0, end);
    if (label.starts_with(once) && (label.size() == once.size() || label[once.size()] == '-')) {
      end = once.size();
      text = "failonce";
    }
    if (!set_flag(traits, text) && !set_number(traits, text) && !add_fault(traits, text))
      break;
    label.remove_prefix(std::min(end + 1, label.size()));
  }
  return traits;
}

std::string domain_name_help() {
  std::string text =
    "  c<N>          N contacts (at most 1,000,000); without it 0..400, by seed and name\n"
    "  empty         nobody known (also: unknown)\n"
    "  webmail       webmail:true, nobody listed; disposable, acceptall: that flag\n"
    "  drift         meta.results is off by 1..3 after the first page\n"
    "  dups          every tenth row from row 100 on repeats the one 100 rows before\n"
    "  short         rows 93..99 of each hundred are missing from the pages\n"
    "  slow<MS>      waits MS milliseconds before each answer (250)\n"
    "  plan<N>       plan cap: limit + offset > N is refused (10)\n"
    "  flaky<K>      503 for the first K requests of each page (1); fail-once is the same as "
    "flaky1\n"
    "  Faults: <kind> alone: always; <kind><K> or <kind>x<K>: the first K requests of each page;\n"
    "  a following p<P> limits it to page P (page = offset / limit + 1):\n";
  for (const auto& fault : all_faults()) {
    text.append("  ").append(fault.name).append(14 - fault.name.size(), ' ');
    text.append(fault.text).append("\n");
  }
  return text;
}

} // namespace gleaner::sim
