#pragma once

#include "core/collection.hpp"
#include "core/result.hpp"

#include <istream>
#include <string>

namespace gleaner::store {

/// The text of a collection's file, byte for byte what JavaScript's JSON.stringify(collection,
/// null, 2) makes of it. Bytes that are no UTF-8 become U+FFFD.
std::string to_json(const Collection& collection);

/// The same, in place of what `json` holds, whose memory is used again.
void write_json(const Collection& collection, std::string& json);

/// Reads such a file, also one of the Node worker, which has fewer keys; unknown keys are skipped.
/// The error's detail says what is wrong without naming the file, e.g. "is not JSON at byte 17".
Result<Collection> read_collection(std::istream& json);

/// Reads only what a list shows, in memory that does not grow with the file; path and bytes are
/// left to the caller.
Result<CollectionInfo> read_info(std::istream& json);

} // namespace gleaner::store
