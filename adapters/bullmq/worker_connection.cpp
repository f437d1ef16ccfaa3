#include "adapters/bullmq/worker_connection.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <vector>

namespace gleaner::bullmq {

std::string worker_connection_name(const QueueConfig& queue) {
  std::vector<unsigned char> encoded(4 * (queue.name.size() / 3 + 1) + 1);
  const auto length =
    EVP_EncodeBlock(encoded.data(), reinterpret_cast<const unsigned char*>(queue.name.data()),
                    static_cast<int>(queue.name.size()));
  auto name = queue.prefix + ':' + std::string(encoded.begin(), encoded.begin() + length);
  if (!queue.worker_name.empty())
    name += ":w:" + queue.worker_name;
  // Redis refuses names with other characters, and the worker would have no connection at all.
  std::replace_if(
    name.begin(), name.end(), [](unsigned char c) { return c < '!' || c > '~'; }, '-');
  return name;
}

} // namespace gleaner::bullmq
