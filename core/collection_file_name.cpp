#include "core/domain.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>

namespace gleaner {

namespace {

constexpr std::size_t slug_length = 100;
constexpr std::size_t hash_bytes = 4;

bool stays_in_slug(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

/// The Node reader replaces per UTF-16 unit, so a character outside the BMP leaves two marks.
std::string slug_of(std::string_view lower) {
  std::string slug;
  while (!lower.empty() && slug.size() < slug_length) {
    const auto code_point = take_code_point(lower).value_or(U'_');
    if (stays_in_slug(code_point))
      slug += static_cast<char>(code_point);
    else
      slug += code_point > 0xFFFF ? "__" : "_";
  }
  slug.resize(std::min(slug.size(), slug_length));
  return slug;
}

std::string hash_of(std::string_view lower) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  if (EVP_Digest(lower.data(), lower.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error{"OpenSSL has no SHA-256"};
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (std::size_t i = 0; i < hash_bytes; ++i) {
    hex += digits[digest[i] >> 4];
    hex += digits[digest[i] & 15];
  }
  return hex;
}

} // namespace

std::string collection_file_name(std::string_view domain) {
  const auto lower = lower_case(domain);
  return slug_of(lower) + '_' + hash_of(lower) + ".json";
}

} // namespace gleaner
