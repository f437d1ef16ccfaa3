#include "core/build_info.hpp"

namespace gleaner {

const char* const build_revision = GLEANER_REVISION;
#ifdef __clang__
const char* const build_compiler = __VERSION__;
#else
const char* const build_compiler = "gcc " __VERSION__;
#endif

} // namespace gleaner
