#include "adapters/store/collection_json.hpp"
#include "tests/support/sample_contacts.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <limits>
#include <sstream>
#include <string>

namespace gleaner::test {

namespace collection_json_suite {

boost::test_tools::assertion_result node_is_installed(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result found{std::system("node --version >/dev/null 2>&1") == 0};
  found.message() << "node is not installed";
  return found;
}

Result<Collection> read(const std::string& json) {
  std::istringstream stream{json};
  return store::read_collection(stream);
}

Result<CollectionInfo> read_info(const std::string& json) {
  std::istringstream stream{json};
  return store::read_info(stream);
}

/// True when Node parses the text and writes it again byte for byte.
bool node_writes_the_same(const std::string& json) {
  const TemporaryFolder folder;
  write_file(folder / "collection.json", json);
  write_file(folder / "check.js", R"(
    const text = require('fs').readFileSync(process.argv[2], 'utf8');
    process.exit(JSON.stringify(JSON.parse(text), null, 2) === text ? 0 : 1);)");
  const auto command =
    "node " + (folder / "check.js") + ' ' + (folder / "collection.json") + " 2>&1";
  return std::system(command.c_str()) == 0;
}

/// Texts and numbers that are written in more than one way, if one does not take care.
Collection awkward_collection() {
  auto collection = sample_collection("b\u00FCcher.test", 40);
  std::size_t next = 0;
  for (char c = 0; c < 0x20; ++c)
    change(collection.items, next++,
           [c](Contact& contact) { contact.title = std::string{"a"} + c + "b"; });
  change(collection.items, 0, [](Contact& contact) {
    contact.name = "\"\\/'<>&\x7F\u0080\u2028\u2029\uFEFF\u00E9\U0001F600\uFFFF";
  });
  next = 0;
  for (const double confidence : {0.94, 1.0, 0.0, -0.0, 0.1 + 0.2, 1.0 / 3, 0.335, 1e-6, 0.07, 0.29,
                                  0.5, 0.000123, 100.0, 123456789.125})
    change(collection.items, next++, [=](Contact& contact) { contact.confidence = confidence; });
  change(collection.items, 39, [](Contact& contact) { contact.sources.clear(); });
  collection.total = std::numeric_limits<std::uint32_t>::max();
  collection.metadata.truncated = "max_collect";
  return collection;
}

const std::string file_of_the_node_worker = R"({
  "domain": "Example.test",
  "collectedAt": "2025-01-02T03:04:05.678Z",
  "items": [
    {
      "email": "ann@example.test",
      "name": "Ann Lind",
      "title": "",
      "confidence": 0.97,
      "source": "http://example.test/team"
    },
    { "email": "bob@example.test", "name": null, "title": 5, "confidence": null, "extra": {"a":[1]} }
  ],
  "total": 2,
  "metadata": { "jobId": "17", "processedAt": "2025-01-02T03:04:06.000Z" }
})";

} // namespace collection_json_suite

BOOST_AUTO_TEST_SUITE(collection_json_suite)

BOOST_AUTO_TEST_CASE(a_collection_is_two_space_json_in_the_order_of_the_node_worker) {
  auto collection = sample_collection("example-works.test", 1);
  change(collection.items, 0, [](Contact& contact) { contact.sources.resize(1); });
  BOOST_TEST(store::to_json(collection) == R"({
  "domain": "example-works.test",
  "collectedAt": "2026-11-23T18:13:20.123Z",
  "items": [
    {
      "email": "mara.lind0@example-works.test",
      "name": "Mara Lind0",
      "title": "Head of Sales",
      "confidence": 0.94,
      "source": "http://example-works.test/team",
      "type": "personal",
      "firstName": "Mara",
      "lastName": "Lind0",
      "seniority": "executive",
      "department": "sales",
      "linkedin": "https://www.linkedin.com/in/mara-lind-example",
      "twitter": "mara_example",
      "phoneNumber": "+1 555 0100",
      "verification": {
        "status": "valid",
        "date": "2026-06-19"
      },
      "sources": [
        {
          "domain": "example-works.test",
          "uri": "http://example-works.test/team",
          "extractedOn": "2025-11-03",
          "lastSeenOn": "2026-06-21",
          "stillOnPage": true
        }
      ]
    }
  ],
  "total": 4,
  "metadata": {
    "jobId": "42",
    "processedAt": "2026-11-23T18:13:20.456Z",
    "pages": 1,
    "duplicates": 2,
    "rejected": 1,
    "organization": "Example Works",
    "pattern": "{first}.{last}",
    "acceptAll": true,
    "webmail": false,
    "disposable": false
  }
})");
}

BOOST_AUTO_TEST_CASE(node_writes_the_same_bytes,
                     *boost::unit_test::precondition(node_is_installed)) {
  for (const auto& collection : {sample_collection(), sample_collection("empty.test", 0),
                                 Collection{}, awkward_collection()})
    BOOST_TEST(node_writes_the_same(store::to_json(collection)));
  BOOST_TEST(!node_writes_the_same("{\"a\":1}")); // the check can fail
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_again) {
  for (const auto& collection : {sample_collection(), awkward_collection()}) {
    const auto json = store::to_json(collection);
    const auto again = read(json);
    BOOST_REQUIRE(bool(again));
    BOOST_TEST(store::to_json(*again) == json);
  }
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_do_not_break_the_file) {
  auto collection = sample_collection("x.test", 1);
  change(collection.items, 0,
         [](Contact& contact) { contact.name = "caf\xE9 \xED\xA0\x80 \xF0\x9F"; });
  const auto json = store::to_json(collection);
  BOOST_TEST(json.find("caf\uFFFD ") != std::string::npos);
  BOOST_TEST(bool(read(json)));
}

BOOST_AUTO_TEST_CASE(a_file_of_the_node_worker_is_read) {
  const auto collection = read(file_of_the_node_worker);
  BOOST_REQUIRE(bool(collection));
  BOOST_TEST(collection->domain == "Example.test");
  BOOST_TEST(collection->total == 2u);
  BOOST_REQUIRE(collection->items.size() == 2u);
  BOOST_TEST(collection->items[0].name == "Ann Lind");
  BOOST_TEST(collection->items[0].confidence == 0.97);
  BOOST_TEST(collection->items[1].email == "bob@example.test");
  BOOST_TEST(collection->items[1].name.empty());
  BOOST_TEST(collection->metadata.job_id == "17");
  BOOST_TEST(collection->metadata.pages == 0u);
}

BOOST_AUTO_TEST_CASE(a_list_entry_is_read_without_the_items) {
  auto collection = sample_collection("x.test", 5);
  collection.metadata.truncated = "plan_cap";
  const auto info = read_info(store::to_json(collection));
  BOOST_REQUIRE(bool(info));
  BOOST_TEST(info->domain == "x.test");
  BOOST_TEST(info->items == 5u);
  BOOST_TEST(info->total == 8u);
  BOOST_TEST(info->truncated == "plan_cap");
  BOOST_TEST(info->collected_at == collection.collected_at);
  BOOST_TEST(read_info(file_of_the_node_worker)->items == 2u);
}

BOOST_AUTO_TEST_CASE(what_is_no_collection_is_refused_with_the_reason) {
  const std::string open(100'000, '[');
  const std::pair<std::string, std::string> table[]{
    {"", "not JSON"},
    {"{", "not JSON"},
    {store::to_json(sample_collection()).substr(0, 500), "not JSON"},
    {store::to_json(sample_collection()) + "{}", "not JSON"},
    {"{\"domain\":\"caf\xE9\"}", "not JSON"},
    {"null", "no domain"},
    {"[]", "no domain"},
    {"\"x.test\"", "no domain"},
    {"{}", "no domain"},
    {"[{\"domain\":\"x.test\",\"items\":[]}]", "no domain"},
    {"{\"domain\":5,\"items\":[]}", "no domain"},
    {"{\"domain\":\"\",\"items\":[]}", "no domain"},
    {"{\"a\":{\"domain\":\"x.test\",\"items\":[]}}", "no domain"},
    {"{\"domain\":\"x.test\"}", "no items"},
    {"{\"domain\":\"x.test\",\"items\":{}}", "no items"},
    {open + std::string(100'000, ']'), "nested"},
    {"{\"domain\":\"x.test\",\"items\":" + open, "nested"},
  };
  for (const auto& [json, why] : table)
    BOOST_TEST_CONTEXT(json.substr(0, 60))
  for (const auto& error : {read(json).error(), read_info(json).error()}) {
    BOOST_TEST((error.code == Errc::store_io));
    BOOST_TEST(error.detail.find(why) != std::string::npos, error.detail);
  }
}

BOOST_AUTO_TEST_CASE(absurd_values_in_a_file_do_no_harm) {
  const auto collection = read(
    R"({"domain":"x.test","items":[1,null,[{"email":"no"}],{"email":["a"],"confidence":1e99,)"
    R"("sources":{"uri":"x"},"verification":[{"status":"y"}]}],"items":[{"email":"a@x.test"}],)"
    R"("total":-7,"metadata":{"pages":1e99,"rejected":2.9,"webmail":"yes"}})");
  BOOST_REQUIRE(bool(collection));
  BOOST_REQUIRE(collection->items.size() == 1u); // of a key that comes twice the last counts
  BOOST_TEST(collection->items[0].email == "a@x.test");
  BOOST_TEST(collection->total == 0u);
  BOOST_TEST(collection->metadata.pages == std::numeric_limits<std::uint32_t>::max());
  BOOST_TEST(collection->metadata.rejected == 2u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner::test
