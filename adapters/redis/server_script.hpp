#pragma once

#include <string>
#include <vector>

namespace gleaner::redis {

/// What one EVALSHA carries out: its text and the SHA-1 in hexadecimal that names it.
struct ServerScript {
  std::string text;
  std::string sha;
};

using ServerScripts = std::vector<ServerScript>;

} // namespace gleaner::redis
