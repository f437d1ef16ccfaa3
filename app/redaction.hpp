#pragma once

#include "core/secret.hpp"

#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace gleaner {

/// Takes secrets and e-mail addresses out of texts that people or programs will read.
class Redaction {
public:
  /// Secrets shorter than four characters are left alone: they would blot out ordinary words.
  explicit Redaction(std::vector<Secret> secrets);

  /// One more, also as JSON quotes it; from any thread.
  void add(Secret secret);

  /// Secrets become "[redacted]", addresses "j***@d***".
  std::string apply(std::string_view text) const;

private:
  void insert(Secret secret);

  mutable std::shared_mutex mutex_;
  std::vector<Secret> secrets_; ///< Longest first.
};

} // namespace gleaner
