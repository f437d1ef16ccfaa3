#include "adapters/profile/search_reader.hpp"

#include "core/rate_windows.hpp"

#include <algorithm>
#include <chrono>

namespace gleaner::profile {

namespace {

constexpr std::int64_t most_requests = 1000000;
constexpr std::int64_t longest_window_s = 86400;
constexpr std::int64_t largest_page = 10000; // entries that the page parser takes
constexpr std::int64_t most_contacts_per_credit = 1000;
constexpr double most_credits_per_request = 1000;

std::string text_of(const RateWindow& window) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(window.period).count();
  return "{ requests = " + std::to_string(window.requests) +
         ", seconds = " + std::to_string(seconds) + " }";
}

std::vector<RateWindow> read_windows(Section& section, const std::string& path,
                                     Problems& problems) {
  std::vector<RateWindow> windows;
  const auto* list = section.array("windows", "a list such as [{ requests = 15, seconds = 1 }], "
                                              "or [] for no limit");
  if (!list)
    return windows;
  for (const auto& node : *list) {
    const auto* table = node.as_table();
    if (!table) {
      problems.add(node.source(), path + ".windows has an entry that is no window; "
                                         "write { requests = 15, seconds = 1 }");
      continue;
    }
    Section window{*table, path + ".windows", problems};
    const auto requests = window.integer("requests", 1, most_requests);
    const auto seconds = window.integer("seconds", 1, longest_window_s);
    window.finish();
    if (!requests || !seconds)
      continue;
    const std::chrono::seconds period{*seconds};
    if (std::any_of(windows.begin(), windows.end(),
                    [&](const auto& other) { return other.period == period; }))
      window.refuse("seconds", "is " + std::to_string(*seconds) +
                                 " for a second time; keep one window of that length");
    windows.push_back({static_cast<std::uint32_t>(*requests), period});
  }
  if (const auto found = find_pointless(windows))
    section.refuse("windows", "has " + text_of(found->window) + ", never reached since " +
                                text_of(found->since) +
                                " allows less; drop the one or correct the other");
  return windows;
}

void read_page_sizes(Section& section, ProviderProfile& into) {
  const auto size = section.integer("page_size", 1, largest_page);
  const auto most = section.integer("page_size_most", 1, largest_page);
  if (size && most && *most < *size)
    section.refuse("page_size_most", "is " + std::to_string(*most) + ", less than the page_size " +
                                       std::to_string(*size) + "; raise it or lower page_size");
  into.page_size = static_cast<std::uint32_t>(size.value_or(into.page_size));
  into.page_size_most = static_cast<std::uint32_t>(most.value_or(into.page_size_most));
}

void read_cost(const toml::table& table, Problems& problems, SearchCost& into) {
  constexpr auto by_contacts = "contacts_per_credit";
  constexpr auto by_request = "credits_per_request";
  Section section{table, "search.cost", problems};
  const auto per = section.word("per", {"contacts", "request"});
  const bool has_contacts = section.has(by_contacts);
  const bool has_request = section.has(by_request);
  if (per == 0u || (!per && has_contacts))
    into.contacts_per_credit = static_cast<std::uint32_t>(
      section.integer(by_contacts, 1, most_contacts_per_credit).value_or(1));
  if (per == 1u || (!per && has_request))
    into.credits_per_request = section.positive(by_request, most_credits_per_request).value_or(1);
  if (per == 0u && has_request)
    section.refuse(by_request, R"(goes with per = "request"; drop it, or change per)");
  if (per == 1u && has_contacts)
    section.refuse(by_contacts, R"(goes with per = "contacts"; drop it, or change per)");
  into.per = per == 1u ? SearchCost::Per::request : SearchCost::Per::contacts;
  section.finish();
}

} // namespace

void read_search(const toml::table& table, Problems& problems, ProviderProfile& into) {
  Section section{table, "search", problems};
  read_page_sizes(section, into);
  into.search_windows = read_windows(section, "search", problems);
  if (const auto* cost = section.table("cost"))
    read_cost(*cost, problems, into.cost);
  section.finish();
}

void read_count(const toml::table& table, Problems& problems, ProviderProfile& into) {
  Section section{table, "count", problems};
  into.count_windows = read_windows(section, "count", problems);
  section.finish();
}

} // namespace gleaner::profile
