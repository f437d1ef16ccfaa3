#include "tests/simulator/page_renderer.hpp"
#include "tests/simulator/random.hpp"

#include <charconv>

namespace gleaner::sim {

namespace {

void append_number(std::string& out, std::uint64_t number) {
  char text[20];
  const auto end = std::to_chars(text, text + sizeof text, number).ptr;
  out.append(text, static_cast<std::size_t>(end - text));
}

/// `,"name":"value"` or null when the value is empty. `label` comes with its punctuation.
void append_text(std::string& out, std::string_view label, std::string_view value) {
  out.append(label);
  if (value.empty())
    out.append("null");
  else
    out.append("\"").append(value).append("\"");
}

void append_source(std::string& out, Random& random, std::string_view domain) {
  const auto own = random.chance(70);
  const auto host = own ? domain : source_hosts[random.below(source_hosts.size())];
  const auto found_on = random.below(days - 1);
  const auto seen_on = found_on + random.below(days - found_on);
  out.append("{\"domain\":\"").append(host).append("\",\"uri\":\"http://").append(host).append("/");
  out.append(source_paths[random.below(source_paths.size())]);
  append_text(out, "\",\"extracted_on\":", day(found_on));
  append_text(out, ",\"last_seen_on\":", day(seen_on));
  out.append(random.chance(75) ? ",\"still_on_page\":true}" : ",\"still_on_page\":false}");
}

void append_sources(std::string& out, const Person& person, std::string_view domain) {
  out.append(",\"sources\":[");
  Random random{person.entropy};
  for (std::uint32_t i = 0; i < person.sources; ++i) {
    if (i > 0)
      out += ',';
    append_source(out, random, domain);
  }
  out += ']';
}

void append_profiles(std::string& out, const Person& person) {
  const auto tail = person.entropy >> 40;
  out.append(",\"linkedin\":");
  if (person.linkedin) {
    out.append("\"https://www.linkedin.com/in/").append(person.first->ascii).append("-");
    out.append(person.last->ascii).append("-");
    append_number(out, tail);
    out.append("\",\"twitter\":");
  } else {
    out.append("null,\"twitter\":");
  }
  if (person.twitter) {
    out.append("\"").append(person.first->ascii);
    append_number(out, tail % 1000);
    out.append("\",\"phone_number\":");
  } else {
    out.append("null,\"phone_number\":");
  }
  if (person.phone) {
    out.append("\"+49 421 ");
    append_number(out, 1'000'000 + tail % 9'000'000);
    out.append("\"");
  } else {
    out.append("null");
  }
}

std::string_view text_of(const std::optional<bool>& value) {
  return !value ? "null" : *value ? "true" : "false";
}

} // namespace

void append_person(std::string& out, const Person& person, const Company& company,
                   std::string_view domain, const Switches& switches, bool decision_maker) {
  out.append("{\"value\":\"");
  append_local_part(out, person, company);
  out.append("@").append(domain);
  out.append(person.generic ? "\",\"type\":\"generic\"" : "\",\"type\":\"personal\"");
  out.append(",\"confidence\":");
  append_number(out, person.confidence);
  append_sources(out, person, domain);
  const auto known = person.names_known;
  append_text(out, ",\"first_name\":", known ? person.first->shown : std::string_view{});
  append_text(out, ",\"last_name\":", known ? person.last->shown : std::string_view{});
  const auto* position = person.position;
  append_text(out, ",\"position\":", position ? position->title : std::string_view{});
  append_text(out, ",\"position_raw\":", position ? position->raw : std::string_view{});
  append_text(out, ",\"seniority\":", person.seniority);
  append_text(out, ",\"department\":", person.department);
  if (decision_maker)
    out.append(",\"decision_maker\":").append(text_of(person.decision_maker));
  append_profiles(out, person);
  append_text(out, ",\"verification\":{\"date\":", person.verified_on);
  append_text(out, ",\"status\":", person.verification);
  out.append(switches.extra_keys ? ",\"method\":\"smtp\"},\"beta_rank\":7}" : "}}");
}

} // namespace gleaner::sim
