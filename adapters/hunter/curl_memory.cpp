#include "adapters/hunter/curl_memory.hpp"

#include <curl/curl.h>
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace gleaner::hunter {

namespace {

void wiping_free(void* block) {
  if (block)
    explicit_bzero(block, malloc_usable_size(block));
  std::free(block);
}

/// Never in place: what realloc() moves it leaves behind.
void* wiping_realloc(void* block, std::size_t size) {
  void* moved = std::malloc(size);
  if (!moved || !block)
    return moved;
  std::memcpy(moved, block, std::min(size, malloc_usable_size(block)));
  wiping_free(block);
  return moved;
}

} // namespace

void init_curl_once() {
  static const auto result = curl_global_init_mem(CURL_GLOBAL_DEFAULT, std::malloc, wiping_free,
                                                  wiping_realloc, strdup, std::calloc);
  (void)result;
}

} // namespace gleaner::hunter
