#include "core/edge_blocks.hpp"

#include <cstddef>

namespace gleaner {

namespace {

constexpr std::uint32_t most_blocks = 3;
constexpr std::size_t most_domains = 10000; // beyond that the oldest knowledge is of no use

} // namespace

bool EdgeBlocks::blocked(const std::string& domain) {
  if (blocks_.size() >= most_domains && !blocks_.contains(domain))
    blocks_.clear();
  auto& blocks = blocks_[domain];
  if (blocks.count == 0 || served_ > blocks.served_before)
    ++blocks.count;
  blocks.served_before = served_;
  if (blocks.count < most_blocks)
    return false;
  blocks_.erase(domain);
  return true;
}

void EdgeBlocks::served(const std::string& domain) {
  ++served_;
  blocks_.erase(domain);
}

} // namespace gleaner
