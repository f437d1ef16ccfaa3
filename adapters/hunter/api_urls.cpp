#include "adapters/hunter/api_urls.hpp"

#include <curl/curl.h>

#include <memory>

namespace gleaner::hunter {

namespace {

/// A domain is validated (letters, digits, hyphen, dot), so it needs no escaping; it is escaped all
/// the same, because a URL is no place for trust.
std::string escaped(const std::string& domain) {
  const std::unique_ptr<char, decltype(&curl_free)> text{
    curl_easy_escape(nullptr, domain.data(), static_cast<int>(domain.size())), curl_free};
  return text.get();
}

} // namespace

std::string search_url(const std::string& base, const PageRequest& request) {
  return base + "/domain-search?domain=" + escaped(request.domain) +
         "&limit=" + std::to_string(request.limit) + "&offset=" + std::to_string(request.offset);
}

std::string count_url(const std::string& base, const std::string& domain) {
  return base + "/email-count?domain=" + escaped(domain);
}

std::string account_url(const std::string& base) {
  return base + "/account";
}

} // namespace gleaner::hunter
