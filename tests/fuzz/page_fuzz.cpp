// A body of the API, all the way to the contacts that are stored.
#include "adapters/hunter/error_body.hpp"
#include "adapters/hunter/page_parser.hpp"
#include "core/contact_merge.hpp"
#include "core/normalize.hpp"
#include "core/unicode.hpp"
#include "tests/fuzz/fuzzing.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace gleaner::fuzz {

namespace {

void check_text(std::string_view text, std::size_t longest) {
  require(text.size() <= longest, "a stored text has its limit");
  require(is_utf8(text), "a stored text is UTF-8");
  require(is_one_line(text), "a stored text has no control characters");
}

void check_contact(const ContactView& contact) {
  constexpr std::size_t longest = 1024, longest_uri = 2048, longest_name = 2 * longest + 1;
  require(!contact.email.empty() && contact.email.size() <= 254,
          "an address has 254 bytes at most");
  require(contact.confidence >= 0 && contact.confidence <= 1, "confidence is from 0 to 1");
  check_text(contact.email, 254);
  check_text(contact.name, longest_name);
  check_text(contact.source, longest_uri);
  for (const auto* text :
       {&contact.title, &contact.first_name, &contact.last_name, &contact.type, &contact.seniority,
        &contact.department, &contact.linkedin, &contact.twitter, &contact.phone_number,
        &contact.verification_status, &contact.verification_date})
    check_text(*text, longest);
  require(contact.sources.size() <= 20, "a contact has 20 sources at most");
}

void check_rejects(const std::vector<ContactReject>& rejects) {
  for (const auto& reject : rejects) {
    const auto known = [&](const auto& one) {
      return one.field == reject.field && one.reason == reject.reason;
    };
    require(std::any_of(contact_rejects.begin(), contact_rejects.end(), known),
            "a reject has a label of the metric");
  }
}

void try_page(std::string_view input) {
  static hunter::PageParser parser; // as in the program: one for many pages
  static Normalization normalization;
  ContactList contacts;
  std::vector<ContactReject> rejects;
  const auto header = parser.parse(
    SharedBody{std::string{input}},
    [&](const RawContact& raw) {
      if (const auto* contact = normalization.apply(raw, rejects)) {
        check_contact(*contact);
        contacts.push_back(*contact);
      }
    },
    [&](const ContactReject& reject) { rejects.push_back(reject); });
  check_rejects(rejects);
  if (!header)
    return require(header.error().code == Errc::body_malformed &&
                     header.error().detail.size() < 400,
                   "a body that is no page is told shortly");
  require(contacts.size() <= header->rows && header->rows <= 10000, "a page has its limit");
  ContactMerge merge;
  merge.add(0, contacts);
  merge.add(100, std::move(contacts));
  std::set<std::string> addresses;
  for (const auto& contact : merge.take())
    require(addresses.emplace(contact.email).second, "an address is there once");
}

} // namespace

void try_input(std::string_view input) {
  try_page(input);
  ApiAnswer answer;
  hunter::read_error_body(input, answer);
  require(answer.error_details.size() <= 300 && is_one_line(answer.error_details),
          "the API's words are short and one line");
  (void)hunter::read_account(input);
  const auto wait = hunter::parse_retry_after(input, std::chrono::system_clock::time_point{});
  require(!wait || (wait->count() >= 0 && wait->count() <= 366 * 86400),
          "a pause is a year at most");
}

} // namespace gleaner::fuzz
