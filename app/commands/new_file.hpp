#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <string>

namespace gleaner {

enum class FileReaders : std::uint8_t { owner, all };

/// Creates the file with that text, on disk when it returns. Errc::store_unwritable when there is
/// one already or it can't be written; then there is none of ours.
Status write_new_file(const std::string& path, const std::string& text, FileReaders readers);

} // namespace gleaner
