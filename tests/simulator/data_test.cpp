#include "tests/simulator/page_renderer.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

using namespace gleaner::sim;

namespace simulator_data {

std::string page_of(const std::string& domain, std::uint64_t seed = 1, std::uint32_t offset = 0) {
  const QueryParams params{"domain=" + domain + "&limit=100&offset=" + std::to_string(offset)};
  const auto query = std::get<SearchQuery>(parse_search(params, false));
  const auto view = view_domain(seed, domain);
  return render_page(view, query, params, {}, find_rows(view, query, {}));
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

struct Kinds {
  std::size_t generic = 0, inferred = 0, unicode = 0, shouting = 0, most_sources = 0, nameless = 0;

  void count(const Json& entry) {
    const auto address = entry["value"].get<std::string>();
    const auto name = entry["first_name"].is_null() ? "" : entry["first_name"].get<std::string>();
    generic += entry["type"] == "generic" ? 1 : 0;
    inferred += entry["sources"].empty() ? 1 : 0;
    shouting += address != lower(address) ? 1 : 0;
    most_sources = std::max(most_sources, entry["sources"].size());
    nameless += name.empty() ? 1 : 0;
    unicode += std::any_of(name.begin(), name.end(), [](char c) { return c < 0; }) ? 1 : 0;
  }
};

} // namespace simulator_data

BOOST_AUTO_TEST_SUITE(simulator_data)

BOOST_AUTO_TEST_CASE(the_same_seed_and_domain_give_the_same_page) {
  BOOST_TEST(page_of("acme.test") == page_of("acme.test"));
  BOOST_TEST(page_of("c100.sim.test", 1) != page_of("c100.sim.test", 2));
  BOOST_TEST(page_of("c100-a.sim.test") != page_of("c100-b.sim.test"));
}

BOOST_AUTO_TEST_CASE(addresses_of_a_domain_differ_even_when_case_is_ignored) {
  for (const auto* domain : {"c9000.sim.test", "c9000-b.sim.test", "c9000-c.sim.test"}) {
    const auto view = view_domain(1, domain);
    std::set<std::string> seen;
    for (std::uint32_t row = 0; row < 9000; ++row) {
      std::string local;
      append_local_part(local, person_at(view.company, row, "mixed"), view.company);
      seen.insert(lower(local));
    }
    BOOST_TEST(seen.size() == 9000u);
  }
}

BOOST_AUTO_TEST_CASE(a_full_page_has_about_49_kilobytes) {
  std::size_t bytes = 0;
  constexpr std::size_t pages = 200;
  for (std::size_t i = 0; i < pages; ++i)
    bytes += page_of("c250-" + std::to_string(i) + ".sim.test").size();
  BOOST_TEST(bytes / pages > 48'000u);
  BOOST_TEST(bytes / pages < 50'000u);
}

BOOST_AUTO_TEST_CASE(people_come_in_all_the_kinds_that_readers_must_stand) {
  Kinds kinds;
  for (std::uint32_t offset = 0; offset < 5000; offset += 100) {
    const auto page = Json::parse(page_of("c5000-all.sim.test", 1, offset));
    for (const auto& entry : page["data"]["emails"])
      kinds.count(entry);
  }
  BOOST_TEST(kinds.generic > 300u);
  BOOST_TEST(kinds.inferred > 1500u);
  BOOST_TEST(kinds.unicode > 300u);
  BOOST_TEST(kinds.shouting > 100u);
  BOOST_TEST(kinds.nameless > 300u);
  BOOST_TEST(kinds.most_sources == 20u);
}

BOOST_AUTO_TEST_CASE(seeded_domains_have_up_to_400_people) {
  std::set<std::uint32_t> sizes;
  for (int i = 0; i < 500; ++i)
    sizes.insert(view_domain(1, "firm" + std::to_string(i) + ".test").company.people);
  BOOST_TEST(sizes.size() > 200u);
  BOOST_TEST(*sizes.rbegin() <= 400u);
}

BOOST_AUTO_TEST_CASE(the_parts_of_a_name_are_read_until_one_is_not_understood) {
  const auto traits = traits_of("throttle2-p3-c500-slow40-acme-empty.sim.test");
  BOOST_TEST(traits.contacts.value_or(0) == 500u);
  BOOST_TEST(traits.delay_ms == 40u);
  BOOST_TEST(!traits.unknown);
  BOOST_REQUIRE(traits.faults.size() == 1u);
  BOOST_TEST(traits.faults[0].times == 2u);
  BOOST_TEST(traits.faults[0].page == 3u);
  BOOST_TEST(traits_of("fail500x3.sim.test").faults.at(0).times == 3u);
  BOOST_TEST(traits_of("fail-once-c20.sim.test").faults.at(0).times == 1u);
  BOOST_TEST(traits_of("fail-once-c20.sim.test").contacts.value_or(0) == 20u);
  BOOST_TEST(traits_of("resetbody.sim.test").faults.size() == 1u);
  BOOST_TEST(traits_of("cutlery.test").faults.empty());
  for (const auto& fault : all_faults()) {
    BOOST_TEST((fault_named(fault.name) == fault.kind));
    BOOST_TEST(to_string(fault.kind) == fault.name);
  }
}

BOOST_AUTO_TEST_SUITE_END()
