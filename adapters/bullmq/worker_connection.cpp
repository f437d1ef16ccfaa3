#include "adapters/bullmq/worker_connection.hpp"

#include <openssl/evp.h>

#include <vector>

namespace gleaner::bullmq {

std::string worker_connection_name(const QueueConfig& queue) {
  std::vector<unsigned char> encoded(4 * (queue.name.size() / 3 + 1) + 1);
  const auto length =
    EVP_EncodeBlock(encoded.data(), reinterpret_cast<const unsigned char*>(queue.name.data()),
                    static_cast<int>(queue.name.size()));
  auto name = queue.prefix + ':' + std::string(encoded.begin(), encoded.begin() + length);
  return queue.worker_name.empty() ? name : name + ":w:" + queue.worker_name;
}

} // namespace gleaner::bullmq
