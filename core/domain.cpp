#include "core/domain.hpp"

#include "core/domain_name.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace gleaner {

namespace {

bool is_scheme(std::string_view text) {
  const auto is_letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
  return !text.empty() && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
         });
}

/// False when there is none.
bool remove_scheme(std::string_view& text) {
  constexpr std::string_view mail = "mailto:";
  const auto slashes = text.find("//");
  if (slashes == 0)
    text.remove_prefix(2);
  else if (slashes != std::string_view::npos && text[slashes - 1] == ':' &&
           is_scheme(text.substr(0, slashes - 1)))
    text.remove_prefix(slashes + 2);
  else if (lower_case(text.substr(0, mail.size())) == mail)
    text.remove_prefix(mail.size());
  else
    return false;
  return true;
}

/// ":" and a port, or only ":". What else follows a colon stays and is refused later.
void remove_port(std::string_view& host) {
  const auto colon = host.rfind(':');
  if (colon == std::string_view::npos || host.substr(0, colon).find(':') != std::string_view::npos)
    return;
  const auto port = host.substr(colon + 1);
  if (port.size() <= 5 && port.find_first_not_of("0123456789") == std::string_view::npos)
    host = host.substr(0, colon);
}

/// The part of a URL, address or name that names the host.
std::string_view host_of(std::string_view text) {
  text = trim(text);
  const bool is_url = remove_scheme(text);
  text = text.substr(0, text.find_first_of("/?#"));
  // A URL's user may hold an '@'; in an address a second one is a mistake and stays, to be refused.
  if (const auto at = is_url ? text.rfind('@') : text.find('@'); at != std::string_view::npos)
    text.remove_prefix(at + 1);
  remove_port(text);
  if (text.ends_with('.') && !text.ends_with(".."))
    text.remove_suffix(1);
  return text;
}

/// "www." names a server of the domain; "www.com" is a domain.
std::string without_www(std::string name) {
  constexpr std::string_view www = "www.";
  if (name.starts_with(www) && name.find('.', www.size()) != std::string::npos)
    name.erase(0, www.size());
  return name;
}

} // namespace

Result<std::string> clean_domain(std::string_view text) {
  auto name = to_a_labels(host_of(text));
  if (name)
    return without_www(std::move(*name));
  return Error{Errc::domain_invalid, quote(text) + " is not a domain name: " + name.error().detail +
                                       "; write it like example.com"};
}

Result<std::string> to_query_domain(std::string_view job_domain) {
  auto name = to_a_labels(trim(job_domain));
  if (name)
    return name;
  const auto meant = clean_domain(job_domain);
  return Error{Errc::domain_invalid,
               quote(job_domain) + " is not a bare domain name: " + name.error().detail +
                 "; queue " + (meant ? quote(*meant) : "one like \"example.com\"") + " instead"};
}

} // namespace gleaner
