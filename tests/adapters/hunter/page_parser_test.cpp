#include "tests/adapters/hunter/page_reading.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <vector>

namespace gleaner::test {

namespace page_parser_suite {

/// After the shape of the API's own fixture, with invented people.
const std::string good_page = R"({
  "data": {
    "domain": "example-works.test", "disposable": false, "webmail": false, "accept_all": true,
    "pattern": "{first}.{last}", "organization": "Example Works \u00e9", "linked_domains": [],
    "emails": [
      { "value": "mara.lind@example-works.test", "type": "personal", "confidence": 94,
        "sources": [ { "domain": "example-works.test", "uri": "http://example-works.test/team",
                       "extracted_on": "2025-11-03", "last_seen_on": "2026-06-21",
                       "still_on_page": true },
                     { "domain": "b.test", "uri": "http://b.test", "extracted_on": null,
                       "last_seen_on": null, "still_on_page": false } ],
        "first_name": "Mar\u00e1", "last_name": "Lind \"L\"", "position": "Head of Sales",
        "position_raw": "Head of Sales, Nordics", "seniority": "executive", "department": "sales",
        "linkedin": "https://www.linkedin.com/in/mara", "twitter": null, "phone_number": "+1 555",
        "verification": { "date": "2026-06-19", "status": "valid" } },
      { "value": "info@example-works.test", "type": "generic", "confidence": 77, "sources": [],
        "first_name": null, "last_name": null, "position": null, "position_raw": null,
        "seniority": null, "department": "support", "linkedin": null, "twitter": null,
        "phone_number": null, "verification": { "date": null, "status": null } }
    ]
  },
  "meta": { "results": 35, "limit": 10, "offset": 0,
            "params": { "domain": "example-works.test", "company": null, "type": null } }
})";

} // namespace page_parser_suite

BOOST_AUTO_TEST_SUITE(page_parser_suite)

BOOST_AUTO_TEST_CASE(the_documented_page_is_read) {
  hunter::PageParser parser;
  std::vector<Contact> seen; // confidence, and what must be copied
  std::vector<RawContact::Source> sources;
  const auto header = parser.parse(
    SharedBody{good_page},
    [&](const RawContact& raw) {
      Contact contact;
      contact.email = raw.email;
      contact.first_name = raw.first_name;
      contact.last_name = raw.last_name;
      contact.title = raw.position;
      contact.confidence = raw.confidence.value_or(-1);
      contact.type = raw.type;
      contact.seniority = raw.seniority;
      contact.department = raw.department;
      contact.linkedin = raw.linkedin;
      contact.twitter = raw.twitter;
      contact.phone_number = raw.phone_number;
      contact.verification_status = raw.verification_status;
      contact.verification_date = raw.verification_date;
      for (const auto& from : raw.sources)
        contact.sources.push_back({std::string{from.domain}, std::string{from.uri},
                                   std::string{from.extracted_on}, std::string{from.last_seen_on},
                                   from.still_on_page});
      BOOST_TEST(raw.dropped.empty());
      seen.push_back(contact);
    },
    [](const ContactReject&) { BOOST_ERROR("nothing is unreadable"); });
  BOOST_REQUIRE(bool(header));
  BOOST_TEST(header->total == 35u);
  BOOST_TEST(header->rows == 2u);
  BOOST_TEST(header->organization == "Example Works \u00E9");
  BOOST_TEST(header->pattern == "{first}.{last}");
  BOOST_TEST(header->accept_all);
  BOOST_TEST(!header->webmail);
  BOOST_TEST(!header->disposable);
  BOOST_REQUIRE(seen.size() == 2u);
  const auto& mara = seen[0];
  BOOST_TEST(mara.email == "mara.lind@example-works.test");
  BOOST_TEST(mara.first_name == "Mar\u00E1");
  BOOST_TEST(mara.last_name == "Lind \"L\"");
  BOOST_TEST(mara.title == "Head of Sales");
  BOOST_TEST(mara.confidence == 94.0);
  BOOST_TEST(mara.type == "personal");
  BOOST_TEST(mara.seniority == "executive");
  BOOST_TEST(mara.department == "sales");
  BOOST_TEST(mara.linkedin == "https://www.linkedin.com/in/mara");
  BOOST_TEST(mara.twitter.empty());
  BOOST_TEST(mara.phone_number == "+1 555");
  BOOST_TEST(mara.verification_status == "valid");
  BOOST_TEST(mara.verification_date == "2026-06-19");
  BOOST_REQUIRE(mara.sources.size() == 2u);
  BOOST_TEST(mara.sources[0].uri == "http://example-works.test/team");
  BOOST_TEST(mara.sources[0].extracted_on == "2025-11-03");
  BOOST_TEST(mara.sources[0].last_seen_on == "2026-06-21");
  BOOST_TEST(mara.sources[0].still_on_page);
  BOOST_TEST(!mara.sources[1].still_on_page);
  const auto& info = seen[1];
  BOOST_TEST(info.email == "info@example-works.test");
  BOOST_TEST(info.first_name.empty()); // nothing of the entry before it
  BOOST_TEST(info.sources.empty());
  BOOST_TEST(info.department == "support");
}

BOOST_AUTO_TEST_CASE(an_empty_page_is_a_page) {
  const auto page = read_page(
    R"({"data":{"domain":null,"organization":null,"pattern":null,"emails":[]},"meta":{"results":0}})");
  BOOST_REQUIRE(bool(page.header));
  BOOST_TEST(page.header->rows == 0u);
  BOOST_TEST(page.header->total == 0u);
  BOOST_TEST(page.header->organization.empty());
}

BOOST_AUTO_TEST_CASE(the_order_of_keys_does_not_matter) {
  const auto page = read_page(
    R"({"x":[{"value":"no@x.test"}],"meta":{"params":{"results":9},"results":7},"data":{"emails":[)"
    R"({"first_name":"Ann","verification":null,"value":"a@x.test","unknown":{"value":"b@x.test"}}],)"
    R"("webmail":true}})");
  BOOST_REQUIRE(bool(page.header));
  BOOST_TEST(page.header->total == 7u);
  BOOST_TEST(page.header->webmail);
  BOOST_TEST(page.addresses == std::vector<std::string>{"a@x.test"},
             boost::test_tools::per_element());
  BOOST_TEST(page.first_names == std::vector<std::string>{"Ann"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_entry_has_nothing_of_the_one_before_it) {
  const auto page =
    read_page(page_of(R"({"value":"a@x.test","first_name":"Ann"},{"value":"b@x.test"})"
                      R"(,{"first_name":"Bob"})"));
  BOOST_TEST(page.first_names == (std::vector<std::string>{"Ann", ""}),
             boost::test_tools::per_element());
  BOOST_TEST(page.unreadable == std::vector<std::string>{"email missing"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(bodies_are_read_in_place_or_from_a_copy_alike) {
  hunter::PageParser parser;
  auto roomy = good_page;
  roomy.reserve(good_page.size() + 1000);
  auto tight = good_page;
  tight.shrink_to_fit();
  for (int round = 0; round < 3; ++round)
    for (const auto& body : {SharedBody{std::move(roomy)}, SharedBody{std::move(tight)}}) {
      BOOST_TEST(read_page(parser, body).addresses.size() == (body.view().empty() ? 0u : 2u));
      roomy = good_page + std::string(1000, ' ');
      tight = good_page;
    }
}

BOOST_AUTO_TEST_CASE(a_parser_reads_on_after_a_broken_or_huge_body) {
  hunter::PageParser parser;
  for (const auto& broken : {std::string{}, std::string{"{"}, std::string(3'000'000, '['),
                             page_of(R"({"value":"a@x.test"},)")}) {
    BOOST_TEST(!read_page(parser, SharedBody{broken}).header);
    BOOST_TEST(read_page(parser, SharedBody{good_page}).addresses.size() == 2u);
  }
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_is_skipped) {
  BOOST_TEST(bool(read_page("\xEF\xBB\xBF" + good_page).header));
}

BOOST_AUTO_TEST_CASE(every_cut_of_a_page_is_refused) {
  hunter::PageParser parser;
  for (std::size_t length = 0; length < good_page.size() - 1; ++length)
    if (read_page(parser, SharedBody{good_page.substr(0, length)}).header)
      BOOST_ERROR("accepted after " << length << " bytes");
}

BOOST_AUTO_TEST_CASE(no_single_changed_byte_does_harm) {
  hunter::PageParser parser;
  for (std::size_t at = 0; at < good_page.size(); ++at)
    for (const char byte : {'\0', '"', '\\', '{', ']', ',', '9', '\x80', '\xFF'}) {
      auto body = good_page;
      body[at] = byte;
      const auto page = read_page(parser, SharedBody{std::move(body)});
      BOOST_REQUIRE(page.addresses.size() <= 2u);
      if (page.header)
        BOOST_REQUIRE(page.header->rows <= 3u);
    }
}

BOOST_AUTO_TEST_CASE(header_text_that_can_not_be_stored_is_left_out) {
  for (const auto* text : {R"("a\u0000b")", R"("\u001b[2J")", "42", "[]", R"("\ud800")", "null"}) {
    const auto page = read_page(R"({"data":{"emails":[],"organization":)" + std::string{text} +
                                R"(},"meta":{"results":0}})");
    BOOST_REQUIRE(bool(page.header));
    BOOST_TEST(page.header->organization.empty());
  }
}

BOOST_AUTO_TEST_CASE(only_the_first_sources_are_read) {
  std::string sources = R"({"uri":"http://x.test"})";
  for (int i = 0; i < 20'000; ++i)
    sources += R"(,{"uri":"http://x.test"})";
  hunter::PageParser parser;
  std::size_t count = 0;
  const auto header = parser.parse(
    SharedBody{page_of(R"({"sources":[)" + sources + R"(],"value":"a@x.test"})")},
    [&](const RawContact& raw) { count = raw.sources.size(); }, [](const ContactReject&) {});
  BOOST_TEST(bool(header));
  BOOST_TEST(count == 21u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner::test
