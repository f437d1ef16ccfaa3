#pragma once

#include "core/result.hpp"
#include "core/unicode.hpp"

#include <string>
#include <string_view>

namespace gleaner {

/// The domain that a person meant: takes a URL, an e-mail address or a bare name, strips scheme,
/// user, port, path, a leading "www." and a trailing dot, lower-cases, converts IDN to A-labels and
/// validates. Errc::domain_invalid with a detail that quotes (shortened) what was wrong.
Result<std::string> clean_domain(std::string_view text);

/// The A-label form of a job's `domain`, which must be a bare name already (surrounding spaces and
/// letter case aside). The detail of the error says what to queue instead.
Result<std::string> to_query_domain(std::string_view job_domain);

/// "<slug>_<hash8>.json": slug is the lower-cased domain with every UTF-16 unit outside [a-z0-9.-]
/// replaced by '_', first 100 characters; hash8 the first 8 hex digits of SHA-256 of the
/// lower-cased domain. The rule of the Node CollectionStore that reads the files.
std::string collection_file_name(std::string_view domain);

} // namespace gleaner
