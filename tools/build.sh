# Sourced by ./run: configures and builds.
# shellcheck shell=bash

# build_preset PRESET [TARGET...]: all targets without any named.
build_preset() {
  local preset=$1 folder=build/$1 log=build/$1-configure.log
  shift
  mkdir -p build
  configure_preset "$preset" "$folder" "$log"
  note "building $preset${1:+: $*}"
  cmake --build "$folder" -j "$(nproc)" ${1:+--target "$@"} >&2 ||
    die "the build of preset $preset failed: the first error is above"
}

# configure_preset PRESET FOLDER LOG: only where it has not been done or packages have come since;
# Ninja does it again when a CMake file changed.
configure_preset() {
  local preset=$1 folder=$2 log=$3
  local -a options=()
  [[ -f $folder/build.ninja && -z ${packages_came:-} ]] && return
  if command -v ccache >/dev/null 2>&1; then
    options+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  fi
  note "configuring $preset"
  if ! cmake --preset "$preset" "${options[@]}" >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    die "cmake could not configure preset $preset (the whole log: $log)"
  fi
}
