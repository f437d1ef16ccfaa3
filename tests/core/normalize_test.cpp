#include "tests/core/normalizing.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace gleaner::test {

BOOST_AUTO_TEST_SUITE(normalize_suite)

BOOST_AUTO_TEST_CASE(every_field_is_stored) {
  RawContact raw;
  raw.email = "Mara.Lind@Example-Works.test";
  raw.first_name = " Mara ";
  raw.last_name = "Lind";
  raw.position = "Head of Sales";
  raw.confidence = 94;
  raw.type = "personal";
  raw.seniority = "executive";
  raw.department = "sales";
  raw.linkedin = "https://www.linkedin.com/in/mara";
  raw.twitter = "mara";
  raw.phone_number = "+1 555 0100";
  raw.verification_status = "valid";
  raw.verification_date = "2026-06-19";
  raw.sources = {{"a.test", "http://a.test/team?x=1", "2025-11-03", "2026-06-21T10:00:00Z", true},
                 {"b.test", "http://b.test", "", "", false}};
  const auto result = run(raw);
  BOOST_REQUIRE(result.contact);
  const auto& contact = *result.contact;
  BOOST_TEST(result.rejects.empty());
  BOOST_TEST(contact.email == "mara.lind@example-works.test");
  BOOST_TEST(contact.name == "Mara Lind");
  BOOST_TEST(contact.first_name == "Mara");
  BOOST_TEST(contact.last_name == "Lind");
  BOOST_TEST(contact.title == "Head of Sales");
  BOOST_TEST(contact.confidence == 0.94);
  BOOST_TEST(contact.type == "personal");
  BOOST_TEST(contact.seniority == "executive");
  BOOST_TEST(contact.department == "sales");
  BOOST_TEST(contact.linkedin == "https://www.linkedin.com/in/mara");
  BOOST_TEST(contact.twitter == "mara");
  BOOST_TEST(contact.phone_number == "+1 555 0100");
  BOOST_TEST(contact.verification_status == "valid");
  BOOST_TEST(contact.verification_date == "2026-06-19");
  BOOST_TEST(contact.source == "http://a.test/team?x=1");
  BOOST_REQUIRE(contact.sources.size() == 2u);
  BOOST_TEST(contact.sources[0].domain == "a.test");
  BOOST_TEST(contact.sources[0].extracted_on == "2025-11-03");
  BOOST_TEST(contact.sources[0].last_seen_on == "2026-06-21");
  BOOST_TEST(contact.sources[0].still_on_page);
  BOOST_TEST(!contact.sources[1].still_on_page);
}

BOOST_AUTO_TEST_CASE(what_is_not_known_is_empty) {
  const auto result = run(raw_with("info@example.test"));
  BOOST_REQUIRE(result.contact);
  BOOST_TEST(result.contact->name.empty());
  BOOST_TEST(result.contact->title.empty());
  BOOST_TEST(result.contact->source.empty());
  BOOST_TEST(result.contact->confidence == 0.0);
  BOOST_TEST(result.rejects.empty());
}

BOOST_AUTO_TEST_CASE(one_name_alone_has_no_space_beside_it) {
  auto raw = raw_with("a@b.test");
  raw.first_name = "Ann";
  BOOST_TEST(run(raw).contact->name == "Ann");
  raw.first_name = "  ";
  raw.last_name = "Lind";
  BOOST_TEST(run(raw).contact->name == "Lind");
}

BOOST_AUTO_TEST_CASE(names_are_composed_to_one_form) {
  auto raw = raw_with("a@b.test");
  raw.first_name = "Ame\u0301lie";
  raw.last_name = "\u3000M\u00FCller\u00A0";
  BOOST_TEST(run(raw).contact->name == "Am\u00E9lie M\u00FCller");
}

BOOST_AUTO_TEST_CASE(text_that_looks_like_markup_is_text) {
  auto raw = raw_with("a@b.test");
  raw.first_name = "<b>Ann</b>";
  raw.position = "=HYPERLINK(\"x\") & more";
  const auto result = run(raw);
  BOOST_TEST(result.contact->first_name == "<b>Ann</b>");
  BOOST_TEST(result.contact->title == "=HYPERLINK(\"x\") & more");
  BOOST_TEST(result.rejects.empty());
}

BOOST_AUTO_TEST_CASE(an_absurd_field_is_dropped_and_counted_and_the_record_stays) {
  const std::string huge(1025, 'x');
  const std::vector<std::pair<std::string, std::string>> absurd{
    {"Ann\r\nLind", "control_characters"},
    {std::string{"A\0B", 3}, "control_characters"},
    {"\x1B[2J", "control_characters"},
    {"\u0085", "control_characters"},
    {"a\u202Eb", "control_characters"},
    {"\u2066x", "control_characters"},
    {"caf\xE9", "invalid_utf8"},
    {"\xED\xA0\x80", "invalid_utf8"},
    {huge, "too_long"}};
  const std::vector<std::pair<std::string_view RawContact::*, std::string>> fields{
    {&RawContact::first_name, "first_name"},
    {&RawContact::last_name, "last_name"},
    {&RawContact::position, "position"},
    {&RawContact::type, "type"},
    {&RawContact::seniority, "seniority"},
    {&RawContact::department, "department"},
    {&RawContact::phone_number, "phone_number"},
    {&RawContact::verification_status, "verification_status"}};
  for (const auto& [member, field] : fields)
    for (const auto& [text, reason] : absurd) {
      auto raw = raw_with("a@b.test");
      raw.*member = text;
      BOOST_TEST_CONTEXT(field << ' ' << reason) {
        BOOST_TEST(refusal(raw) == field + ' ' + reason);
        const auto contact = *run(raw).contact;
        BOOST_TEST(contact.name.empty());
        BOOST_TEST(richness(contact) == 0u);
      }
    }
}

BOOST_AUTO_TEST_CASE(text_of_1024_bytes_is_kept) {
  const std::string most(1024, 'x');
  auto raw = raw_with("a@b.test");
  raw.position = most;
  BOOST_TEST(run(raw).contact->title == most);
}

BOOST_AUTO_TEST_CASE(links_that_are_scripts_or_too_long_are_dropped) {
  auto raw = raw_with("a@b.test");
  raw.linkedin = " JavaScript:alert(1)";
  BOOST_TEST(refusal(raw) == "linkedin malformed");
  raw.linkedin = "data:text/html,x";
  BOOST_TEST(refusal(raw) == "linkedin malformed");
  raw.linkedin = "mara-lind";
  BOOST_TEST(run(raw).contact->linkedin == "mara-lind");
  raw.linkedin = {};
  const std::string most = "http://x.test/" + std::string(2048 - 14, 'y');
  raw.twitter = most;
  BOOST_TEST(run(raw).contact->twitter == most);
  const auto more = most + 'y';
  raw.twitter = more;
  BOOST_TEST(refusal(raw) == "twitter too_long");
}

BOOST_AUTO_TEST_CASE(dates_are_days_or_nothing) {
  auto raw = raw_with("a@b.test");
  for (const auto* date :
       {"2026-06-19", "2026-06-19T10:00:00Z", "2026-06-19 10:00", " 2026-06-19 "}) {
    raw.verification_date = date;
    BOOST_TEST(run(raw).contact->verification_date == "2026-06-19");
  }
  for (const auto* date :
       {"June", "2026-6-19", "2026-06-190", "19.06.2026", "2026-06-1\n", "\xFF"}) {
    raw.verification_date = date;
    BOOST_TEST(refusal(raw) == "verification_date malformed");
    BOOST_TEST(run(raw).contact->verification_date.empty());
  }
}

BOOST_AUTO_TEST_CASE(confidence_is_clamped_to_one) {
  auto raw = raw_with("a@b.test");
  for (const auto& [sent, stored] : std::vector<std::pair<double, double>>{
         {0, 0}, {1, 0.01}, {77, 0.77}, {100, 1}, {250, 1}, {-5, 0}, {1e300, 1}, {33.5, 0.335}}) {
    raw.confidence = sent;
    BOOST_TEST(run(raw).contact->confidence == stored);
  }
}

BOOST_AUTO_TEST_CASE(twenty_sources_are_kept_and_empty_ones_left_out) {
  auto raw = raw_with("a@b.test");
  raw.sources.assign(1000, {"a.test", "http://a.test", "", "", true});
  BOOST_TEST(refusal(raw) == "sources too_many");
  BOOST_TEST(run(raw).contact->sources.size() == 20u);
  raw.sources = {{"", "", "2020-01-01", "", true}, {"b.test", "", "", "", true}};
  BOOST_REQUIRE(run(raw).contact->sources.size() == 1u);
  BOOST_TEST(run(raw).contact->sources[0].domain == "b.test");
}

BOOST_AUTO_TEST_CASE(bad_fields_of_a_source_are_dropped_one_by_one) {
  auto raw = raw_with("a@b.test");
  for (const auto* script : {"javascript:x", " JavaScript:x", "VBSCRIPT:", "data:text/html,x"}) {
    raw.sources = {{"a.test", script, "", "", true}};
    BOOST_TEST(refusal(raw) == "source_uri malformed");
  }
  raw.sources = {{"a.test", "data", "", "", true}};
  BOOST_TEST(run(raw).contact->source == "data");
  raw.sources = {{"a\n.test", "http://a.test", "", "", true}};
  BOOST_TEST(refusal(raw) == "source_domain control_characters");
  BOOST_TEST(run(raw).contact->source == "http://a.test");
  raw.sources = {{"a.test", "http://a.test", "yesterday", "", true}};
  BOOST_TEST(refusal(raw) == "source_date malformed");
}

BOOST_AUTO_TEST_CASE(what_the_reader_left_out_is_counted_too) {
  auto raw = raw_with("a@b.test");
  raw.dropped = {{"first_name", "wrong_type"}};
  BOOST_TEST(refusal(raw) == "first_name wrong_type");
}

BOOST_AUTO_TEST_CASE(the_closed_set_has_no_pair_twice_and_no_empty_name) {
  std::set<std::pair<std::string_view, std::string_view>> pairs;
  for (const auto& [field, reason] : contact_rejects) {
    BOOST_TEST(!field.empty());
    BOOST_TEST(!reason.empty());
    BOOST_TEST(pairs.emplace(field, reason).second);
  }
}

BOOST_AUTO_TEST_CASE(a_field_more_is_richer_than_any_number_of_sources) {
  Contact named;
  named.first_name = "Ann";
  Contact seen;
  seen.sources.resize(20);
  Contact nothing;
  BOOST_TEST(richness(named) > richness(seen));
  BOOST_TEST(richness(seen) > richness(nothing));
  Contact both = named;
  both.title = "CTO";
  BOOST_TEST(richness(both) > richness(named));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner::test
