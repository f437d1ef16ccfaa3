#pragma once

#include "core/secret.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gleaner {

/// Takes secrets and e-mail addresses out of texts that people or programs will read.
class Redaction {
public:
  /// Secrets shorter than four characters are left alone: they would blot out ordinary words.
  explicit Redaction(std::vector<Secret> secrets);

  /// Secrets become "[redacted]", addresses "j***@d***".
  std::string apply(std::string_view text) const;

private:
  std::vector<Secret> secrets_; ///< Longest first.
};

} // namespace gleaner
