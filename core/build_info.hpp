#pragma once

namespace gleaner {

/// The commit of the sources when the build was configured, "unknown" outside of a repository.
extern const char* const build_revision;
/// Name and version, e.g. "gcc 12.2.0".
extern const char* const build_compiler;

} // namespace gleaner
