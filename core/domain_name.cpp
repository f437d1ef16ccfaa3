#include "core/domain_name.hpp"

#include "core/unicode.hpp"

#include <idn2.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>

namespace gleaner {

namespace {

constexpr std::size_t longest_name = 253; // RFC 1035 2.3.4, without the root's dot
/// More UTF-8 than any name of 253 bytes can stand for.
constexpr std::size_t longest_input = 1024;

struct FreeIdn {
  void operator()(char* text) const noexcept { idn2_free(text); }
};
using IdnText = std::unique_ptr<char, FreeIdn>;

Error problem(std::string detail) {
  return {Errc::domain_invalid, std::move(detail)};
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

std::string name_of(char c) {
  if (c == ' ')
    return "a space";
  if (c == '_')
    return "an underscore";
  return quote({&c, 1});
}

/// Letters, digits and hyphens where the label is ASCII. libidn2 can't be asked: without STD3 rules
/// it lets spaces, '_' and empty labels through, with them 2.3.3 silently drops the characters.
std::string find_problem(std::string_view label) {
  if (label.empty())
    return "it has an empty part: two dots in a row, or one at the beginning or the end";
  const auto bad = std::find_if(label.begin(), label.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x80 && c != '-' && !is_letter_or_digit(c);
  });
  if (bad != label.end())
    return "it contains " + name_of(*bad);
  if (label.front() == '-' || label.back() == '-')
    return "the part " + quote(label) + " begins or ends with a hyphen";
  if (is_ascii(label) && label.size() > longest_domain_label)
    return "the part " + quote(label) + " is longer than 63 characters";
  return {};
}

/// An A-label that a name server could hold: what it decodes to encodes to the same again.
bool is_a_label(const std::string& label) {
  char* decoded = nullptr;
  if (idn2_to_unicode_8z8z(label.c_str(), &decoded, IDN2_NONTRANSITIONAL) != IDN2_OK)
    return false;
  const IdnText unicode{decoded};
  char* encoded = nullptr;
  if (idn2_to_ascii_8z(unicode.get(), &encoded, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK)
    return false;
  const IdnText again{encoded};
  return label == again.get();
}

Result<std::string> to_a_label(const std::string& label) {
  if (auto found = find_problem(label); !found.empty())
    return problem(std::move(found));
  auto ascii = label;
  if (!is_ascii(label)) {
    char* encoded = nullptr;
    const int outcome =
      idn2_to_ascii_8z(label.c_str(), &encoded, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
    if (outcome != IDN2_OK)
      return problem("the part " + quote(label) + " can't be used in an internationalised name (" +
                     idn2_strerror(outcome) + ")");
    ascii = IdnText{encoded}.get();
  }
  if (auto found = find_problem(ascii); !found.empty()) // the mapping may bring new characters
    return problem(std::move(found));
  if (ascii.starts_with("xn--") && !is_a_label(ascii))
    return problem("the part " + quote(label) + " is no valid internationalised name");
  return ascii;
}

/// The full stops that IDNA takes for a dot (UTS 46, 4.5).
void replace_full_stops(std::string& name) {
  for (const std::string_view stop : {"\u3002", "\uFF0E", "\uFF61"})
    for (auto at = name.find(stop); at != std::string::npos; at = name.find(stop, at))
      name.replace(at, stop.size(), ".");
}

/// In brackets as in a URL, or bare (RFC 4291, 2.2).
bool looks_like_ipv6(std::string_view name) {
  return name.front() == '[' || (std::count(name.begin(), name.end(), ':') >= 2 &&
                                 name.find_first_not_of("0123456789abcdefABCDEF:.") == name.npos);
}

std::string find_problem_of_input(std::string_view name) {
  if (name.empty())
    return "it is empty";
  if (name.size() > longest_input)
    return "it is " + std::to_string(name.size()) + " bytes long, a domain name has at most 253";
  if (!is_utf8(name))
    return "it is no valid UTF-8";
  for (auto rest = name; !rest.empty();)
    if (is_control(take_code_point(rest).value_or(0)))
      return "it contains control characters";
  if (looks_like_ipv6(name))
    return "it is an IP address";
  return {};
}

/// As in URLs, a last part that is a number makes the whole an IPv4 address (WHATWG URL, 3.5).
bool ends_in_number(std::string_view last) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (last.starts_with("0x"))
    return std::all_of(last.begin() + 2, last.end(),
                       [&](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
  return std::all_of(last.begin(), last.end(), is_digit);
}

} // namespace

Result<std::string> to_a_labels(std::string_view name) {
  if (auto found = find_problem_of_input(name); !found.empty())
    return problem(std::move(found));
  auto lower = to_nfc(lower_case(name));
  replace_full_stops(lower);
  std::string joined;
  std::string last;
  std::size_t labels = 0;
  for (std::size_t begin = 0; begin <= lower.size(); ++labels) {
    const auto end = std::min(lower.find('.', begin), lower.size());
    auto label = to_a_label(lower.substr(begin, end - begin));
    if (!label)
      return label;
    last = std::move(*label);
    joined += (begin == 0 ? "" : ".") + last;
    begin = end + 1;
  }
  if (ends_in_number(last))
    return problem(labels == 1 ? "it is a number" : "it ends in a number, as an IP address does");
  if (labels < 2)
    return problem("it has no dot");
  if (joined.size() > longest_name)
    return problem("it is longer than 253 characters");
  return joined;
}

} // namespace gleaner
