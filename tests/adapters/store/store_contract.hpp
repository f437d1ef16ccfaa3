#pragma once

#include "adapters/store/collection_json.hpp"
#include "core/ports/collection_store.hpp"
#include "tests/support/print_error.hpp"
#include "tests/support/sample_contacts.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <ostream>
#include <string>
#include <vector>

namespace gleaner::test {

/// What every CollectionStore must do; `check` gets an empty, usable one.
struct StoreRule {
  const char* name;
  std::function<void(CollectionStore&)> check;
};
inline std::ostream& operator<<(std::ostream& out, const StoreRule& rule) {
  return out << rule.name;
}

/// Of a worker whose locks hold for ever.
inline std::vector<Status> save_all(CollectionStore& store,
                                    std::span<const Collection> collections) {
  return store.save(collections, [](std::size_t) { return true; });
}

inline void save_one(CollectionStore& store, const Collection& collection) {
  const auto results = save_all(store, {&collection, 1});
  BOOST_REQUIRE(results.size() == 1u);
  BOOST_REQUIRE_MESSAGE(bool(results[0]), (results[0] ? "" : results[0].error().detail));
}

struct Listing {
  std::vector<CollectionInfo> infos;
  std::vector<Error> problems;

  std::vector<std::string> domains() const {
    std::vector<std::string> domains;
    for (const auto& info : infos)
      domains.push_back(info.domain);
    return domains;
  }
};

inline Listing list_all(CollectionStore& store) {
  Listing listing;
  const auto status = store.list(
    [&](const CollectionInfo& info) {
      listing.infos.push_back(info);
      return true;
    },
    [&](const Error& error) { listing.problems.push_back(error); });
  BOOST_TEST(bool(status));
  return listing;
}

/// Everything of a collection in one text.
inline std::string to_text(const Collection& collection) {
  return store::to_json(collection);
}

inline void loads_what_was_saved(CollectionStore& store) {
  auto collection = sample_collection("example.test", 3);
  collection.metadata.truncated = "plan_cap";
  change(collection.items, 1,
         [](Contact& contact) { contact.name = "\"Quo\\ted\"\n \u00E9\U0001F600 \u2028"; });
  change(collection.items, 2, [](Contact& contact) { contact = {}; });
  save_one(store, collection);
  const auto loaded = store.load("example.test");
  BOOST_REQUIRE(bool(loaded));
  BOOST_TEST(to_text(*loaded) == to_text(collection));
}

inline void keeps_one_collection_per_domain(CollectionStore& store) {
  save_one(store, sample_collection("example.test", 3));
  save_one(store, sample_collection("EXAMPLE.test", 1));
  BOOST_TEST(list_all(store).infos.size() == 1u);
  BOOST_TEST(store.load("Example.Test").value().items.size() == 1u);
}

inline void knows_nothing_of_others(CollectionStore& store) {
  save_one(store, sample_collection("example.test"));
  BOOST_TEST(!store.exists("other.test"));
  BOOST_TEST((store.load("other.test").error().code == Errc::not_found));
  BOOST_TEST((store.remove("other.test").error().code == Errc::not_found));
  BOOST_TEST(store.load("other.test").error().detail.find("other.test") != std::string::npos);
}

inline void removes(CollectionStore& store) {
  save_one(store, sample_collection("example.test"));
  BOOST_TEST(store.exists("example.test"));
  BOOST_TEST(bool(store.remove("EXAMPLE.test")));
  BOOST_TEST(!store.exists("example.test"));
  BOOST_TEST((store.load("example.test").error().code == Errc::not_found));
  BOOST_TEST(list_all(store).infos.empty());
}

inline void saves_many_at_once(CollectionStore& store) {
  std::vector<Collection> collections;
  for (int i = 0; i < 150; ++i)
    collections.push_back(sample_collection("d" + std::to_string(i) + ".test", 1));
  const auto results = save_all(store, collections);
  BOOST_REQUIRE(results.size() == collections.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    BOOST_TEST(bool(results[i]));
    BOOST_TEST(store.load(collections[i].domain).value().domain == collections[i].domain);
  }
}

inline void the_last_of_one_domain_stays(CollectionStore& store) {
  const std::vector<Collection> twice{sample_collection("example.test", 3),
                                      sample_collection("example.test", 1)};
  for (const auto& result : save_all(store, twice))
    BOOST_TEST(bool(result));
  BOOST_TEST(store.load("example.test").value().items.size() == 1u);
}

inline void replaces_only_what_it_may(CollectionStore& store) {
  save_one(store, sample_collection("b.test", 1));
  const std::vector<Collection> group{
    sample_collection("a.test", 3), sample_collection("b.test", 3), sample_collection("c.test", 3),
    sample_collection("d.test", 3)};
  std::vector<std::size_t> asked;
  const auto results = store.save(group, [&](std::size_t i) {
    BOOST_TEST(!(i == 3 && store.exists("d.test"))); // asked before, not after
    asked.push_back(i);
    return i % 2 == 0;
  });
  BOOST_TEST(asked == (std::vector<std::size_t>{0, 1, 2, 3}), boost::test_tools::per_element());
  for (const std::size_t i : {1u, 3u})
    BOOST_TEST((!results[i] && results[i].error().code == Errc::lease_expired));
  BOOST_TEST((results[0] && results[2]));
  BOOST_TEST(store.load("b.test").value().items.size() == 1u);
  BOOST_TEST(list_all(store).domains() == (std::vector<std::string>{"a.test", "b.test", "c.test"}),
             boost::test_tools::per_element());
}

inline void saves_nothing_when_given_nothing(CollectionStore& store) {
  BOOST_TEST(save_all(store, {}).empty());
  BOOST_TEST(list_all(store).infos.empty());
}

inline void lists_in_order_of_file_names(CollectionStore& store) {
  for (const auto* domain : {"c.test", "a.test", "B.test"})
    save_one(store, sample_collection(domain, 2));
  const auto listing = list_all(store);
  BOOST_TEST(listing.problems.empty());
  BOOST_TEST(listing.domains() == (std::vector<std::string>{"a.test", "B.test", "c.test"}),
             boost::test_tools::per_element());
  const auto& info = listing.infos.front();
  BOOST_TEST(info.items == 2u);
  BOOST_TEST(info.total == 5u);
  BOOST_TEST(info.collected_at == "2026-11-23T18:13:20.123Z");
  BOOST_TEST(info.truncated.empty());
  BOOST_TEST(!info.path.empty());
}

inline void what_is_listed_can_be_loaded(CollectionStore& store) {
  for (const auto* domain : {"b\u00FCcher.test", "a b.test", "..", "x/../y", "\U0001F600.test"})
    save_one(store, sample_collection(domain));
  const auto listing = list_all(store);
  BOOST_TEST(listing.infos.size() == 5u);
  for (const auto& info : listing.infos)
    BOOST_TEST(store.load(info.domain).value().domain == info.domain);
}

inline void a_list_ends_when_nobody_wants_more(CollectionStore& store) {
  for (const auto* domain : {"a.test", "b.test", "c.test"})
    save_one(store, sample_collection(domain));
  int seen = 0;
  BOOST_TEST(bool(store.list([&](const CollectionInfo&) { return ++seen < 2; },
                             [](const Error&) { BOOST_ERROR("no problem"); })));
  BOOST_TEST(seen == 2);
}

inline void is_writable(CollectionStore& store) {
  BOOST_TEST(bool(store.check_writable()));
  BOOST_TEST(list_all(store).infos.empty());
}

inline const std::vector<StoreRule> store_contract{
  {"loads what was saved", loads_what_was_saved},
  {"keeps one collection per domain", keeps_one_collection_per_domain},
  {"knows nothing of others", knows_nothing_of_others},
  {"removes", removes},
  {"saves many at once", saves_many_at_once},
  {"the last of one domain stays", the_last_of_one_domain_stays},
  {"replaces only what it may", replaces_only_what_it_may},
  {"saves nothing when given nothing", saves_nothing_when_given_nothing},
  {"lists in order of file names", lists_in_order_of_file_names},
  {"what is listed can be loaded", what_is_listed_can_be_loaded},
  {"a list ends when nobody wants more", a_list_ends_when_nobody_wants_more},
  {"is writable", is_writable},
};

} // namespace gleaner::test
