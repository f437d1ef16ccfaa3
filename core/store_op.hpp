#pragma once

namespace gleaner {

/// What a store does with its disk, as far as its failures are counted apart.
enum class StoreOp {
  write,  ///< Making a file and writing to it.
  sync,   ///< Making a file, or the folder's list of files, durable.
  rename, ///< Putting a file in the place of another.
  folder, ///< Finding, making or reading the folder.
  read,   ///< Reading a collection.
};

/// The label of a metric: write, fsync, rename, folder, read.
const char* to_string(StoreOp op) noexcept;

} // namespace gleaner
