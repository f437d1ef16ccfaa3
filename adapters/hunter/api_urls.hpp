#pragma once

#include "core/api_answer.hpp"

#include <string>

namespace gleaner::hunter {

/// The pages that are asked for; `base` has no slash at its end.
std::string search_url(const std::string& base, const PageRequest& request);
std::string count_url(const std::string& base, const std::string& domain);
std::string account_url(const std::string& base);

} // namespace gleaner::hunter
