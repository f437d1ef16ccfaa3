#pragma once

#include <cstdint>
#include <string>

namespace gleaner::http {

/// Whether one could listen at an address now.
struct PortProbe {
  enum class Use : std::uint8_t {
    free,
    gleaner, ///< The admin listener of a gleaner has it.
    taken,   ///< Another program has it.
    unusable ///< It can't be listened at: not an address of this machine, or for root alone.
  };
  Use use = Use::free;
  std::string detail; ///< gleaner: its version; unusable: why.
};

/// Tries `listen` (host:port), asks whoever is there for its /version, and lets go of it. Takes a
/// second at most.
PortProbe probe_port(const std::string& listen);

} // namespace gleaner::http
