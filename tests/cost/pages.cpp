#include "tests/cost/pages.hpp"

#include "core/normalize.hpp"
#include "tests/simulator/page_renderer.hpp"

#include <stdexcept>
#include <utility>

namespace gleaner::cost {

SharedBody page_body(const std::string& domain, std::uint32_t offset) {
  constexpr std::uint64_t seed = 1;
  constexpr std::size_t usual_body = 64 * 1024;
  const auto view = sim::view_domain(seed, domain);
  sim::SearchQuery query;
  query.domain = domain;
  query.offset = offset;
  query.limit = 100;
  const sim::Switches switches;
  auto text = sim::render_page(view, query, sim::QueryParams{"domain=" + domain}, switches,
                               sim::find_rows(view, query, switches));
  text.reserve(usual_body);
  return SharedBody{std::move(text)};
}

NormalizedPage read_page(hunter::PageParser& parser, const SharedBody& body) {
  static Normalization normalization; // as in the program: one for many pages
  NormalizedPage page;
  std::vector<ContactReject> rejects;
  auto header = parser.parse(
    body,
    [&](const RawContact& raw) {
      if (const auto* contact = normalization.apply(raw, rejects))
        page.contacts.push_back(*contact);
      else
        ++page.rejected;
    },
    [&](const ContactReject&) { ++page.rejected; });
  if (!header || page.rejected > 0)
    throw std::runtime_error{header ? "a contact was refused" : header.error().detail};
  page.header = std::move(*header);
  return page;
}

NormalizedPage read_page(const std::string& domain, std::uint32_t offset) {
  hunter::PageParser parser;
  return read_page(parser, page_body(domain, offset));
}

} // namespace gleaner::cost
