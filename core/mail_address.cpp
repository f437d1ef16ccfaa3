#include "core/mail_address.hpp"

#include "core/domain_name.hpp"
#include "core/unicode.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace gleaner {

namespace {

constexpr std::size_t longest_local_part = 64; // RFC 5321, 4.5.3.1.1

constexpr bool is_letter_or_digit(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

constexpr auto local_characters = [] {
  std::array<bool, 256> allowed{};
  for (unsigned c = 0; c < allowed.size(); ++c)
    allowed[c] = c >= 0x80 || is_letter_or_digit(static_cast<unsigned char>(c));
  for (const char mark : std::string_view{"!#$%&'+/=?^_`{|}~-."})
    allowed[static_cast<unsigned char>(mark)] = true;
  return allowed;
}();

bool is_local_character(unsigned char c) {
  return local_characters[c];
}

bool is_local_part(std::string_view local) {
  return !local.empty() && local.size() <= longest_local_part && local.front() != '.' &&
         local.back() != '.' && local.find("..") == local.npos &&
         std::all_of(local.begin(), local.end(), is_local_character);
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= longest_domain_label && label.front() != '-' &&
         label.back() != '-' && std::all_of(label.begin(), label.end(), [](unsigned char c) {
           return c >= 0x80 || c == '-' || is_letter_or_digit(c);
         });
}

/// Whether the domain exists, and in which form it is asked for, is the mailer's matter.
bool is_mail_domain(std::string_view domain) {
  std::size_t labels = 0;
  for (std::size_t begin = 0; begin <= domain.size(); ++labels) {
    const auto end = std::min(domain.find('.', begin), domain.size());
    if (!is_label(domain.substr(begin, end - begin)))
      return false;
    begin = end + 1;
  }
  return labels >= 2;
}

bool has_white_space(std::string_view text) {
  while (!text.empty()) {
    const auto before = text;
    take_code_point(text);
    if (trim(before.substr(0, before.size() - text.size())).empty())
      return true;
  }
  return false;
}

} // namespace

bool is_mail_address(std::string_view address) noexcept {
  const auto at = address.find('@');
  return at != address.npos && is_local_part(address.substr(0, at)) &&
         is_mail_domain(address.substr(at + 1)) && (is_ascii(address) || !has_white_space(address));
}

} // namespace gleaner
