#pragma once

#include <cstddef>
#include <cstdint>

namespace gleaner {

/// How far a shutdown has come.
struct DrainState {
  bool taking_stopped = false;
  std::uint32_t finished = 0;
  std::uint32_t returned = 0;
  std::uint32_t unstarted = 0;         ///< Taken too late; their release is awaited.
  bool handing_in = false;             ///< No job is held; only permits are given back.
  std::size_t governors_with_some = 0; ///< That have not given back all of theirs.
};

} // namespace gleaner
