#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gleaner::sim {

/// Percent-decodes, '+' meaning a space; malformed escapes stay as they are.
std::string url_decoded(std::string_view text);

/// The parameters of a query string. The last of several with one name counts, as in Rails.
class QueryParams {
public:
  explicit QueryParams(std::string_view query);

  /// nullptr when absent or empty.
  const std::string* find(std::string_view name) const;
  std::string_view get(std::string_view name) const;

private:
  std::vector<std::pair<std::string, std::string>> params_;
};

/// "**" and the last two characters of a key.
std::string masked_key(std::string_view key);

/// `query` with the value of api_key masked.
std::string redacted(std::string_view query);

} // namespace gleaner::sim
