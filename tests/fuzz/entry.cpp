#include "tests/fuzz/fuzzing.hpp"

// The name that libFuzzer calls; each program has its own try_input().
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gleaner::fuzz::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
