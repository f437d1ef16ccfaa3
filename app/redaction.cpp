#include "app/redaction.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace gleaner {

namespace {

constexpr std::size_t shortest_secret = 4;

bool is_address_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view{".!#$%&*+-/=?^_`{|}~"}.find(c) != std::string_view::npos || byte >= 0x80;
}

bool is_domain_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || byte >= 0x80;
}

/// Where the part before the '@' begins; a quoted one ("ann lind"@...) with its quotes.
std::size_t begin_of_address(const std::string& text, std::size_t at) {
  auto first = at;
  if (at > 1 && text[at - 1] == '"')
    if (const auto quote = text.rfind('"', at - 2); quote != std::string::npos)
      return quote;
  while (first > 0 && is_address_byte(text[first - 1]))
    --first;
  return first;
}

/// Where the part behind the '@' ends; a literal ([192.0.2.1]) with its brackets.
std::size_t end_of_address(const std::string& text, std::size_t at) {
  auto last = at + 1;
  if (last < text.size() && text[last] == '[')
    if (const auto bracket = text.find(']', last); bracket != std::string::npos)
      return bracket + 1;
  while (last < text.size() && is_domain_byte(text[last]))
    ++last;
  return last;
}

/// As others quote it.
std::string as_in_json(std::string_view text) {
  std::string quoted;
  for (const char c : text) {
    if (c == '"' || c == '\\')
      quoted += '\\';
    quoted += c;
  }
  return quoted;
}

void mask_addresses(std::string& text) {
  for (auto at = text.find('@'); at != std::string::npos; at = text.find('@', at + 1)) {
    const auto first = begin_of_address(text, at), last = end_of_address(text, at);
    if (first == at || last == at + 1)
      continue;
    const auto masked = std::string{text[first]} + "***@" + text[at + 1] + "***";
    text.replace(first, last - first, masked);
    at = first + 4; // the '@' of the mask
  }
}

} // namespace

Redaction::Redaction(std::vector<Secret> secrets) {
  for (auto& secret : secrets)
    add(std::move(secret));
}

void Redaction::add(Secret secret) {
  if (secret.size() < shortest_secret)
    return;
  if (const auto quoted = as_in_json(secret.view()); quoted != secret.view())
    insert(Secret{quoted});
  insert(std::move(secret));
}

void Redaction::insert(Secret secret) {
  const std::unique_lock guard{mutex_};
  const auto longer = [](const auto& a, const auto& b) { return a.size() > b.size(); };
  secrets_.insert(std::upper_bound(secrets_.begin(), secrets_.end(), secret, longer),
                  std::move(secret));
}

std::string Redaction::apply(std::string_view text) const {
  constexpr std::string_view mask = "[redacted]";
  std::string out{text};
  const std::shared_lock guard{mutex_};
  for (const auto& secret : secrets_)
    // Behind the mask, which may itself hold the secret ("redacted", "acted").
    for (auto at = out.find(secret.view()); at != std::string::npos;
         at = out.find(secret.view(), at + mask.size()))
      out.replace(at, secret.size(), mask);
  mask_addresses(out);
  return out;
}

} // namespace gleaner
