# Sourced by ./run: the tests and the static checks.
# shellcheck shell=bash
: "${root:?is set by ./run}"

# run_ctest NAME FOLDER CTEST_OPTION...: runs and adds a report to `reports`.
run_ctest() {
  local name=$1 folder=$2 report=$root/build/report-$1.xml
  shift 2
  rm -f "$report"
  note "testing $name"
  BOOST_TEST_REPORT_LEVEL=short ctest --test-dir "$folder" --output-on-failure --no-tests=error \
    --test-output-size-passed 1000000 --output-junit "$report" "$@" >&2 || failed=1
  reports+=("$name=$report")
}

# build_sanitized LOG UNIT_TEST...: for what the tests of dev leave of the processors.
build_sanitized() {
  local log=$1
  shift
  renice -n 19 -p "$BASHPID" >/dev/null
  {
    build_preset asan "$@"
    build_preset tsan threaded_tests
    build_preset fuzz fuzz
  } >"$log" 2>&1
}

run_test() {
  (($# == 0)) || usage_error "test takes no arguments"
  local -a reports=() unit_tests
  local failed=0 started=$SECONDS sanitized log=build/sanitized-build.log
  need build test check cost
  build_preset dev programs_under_test
  mapfile -t unit_tests < <(cd tests && find . -name '*_test.cpp' -not -path './simulation/*' |
    sed 's|^\./||; s|/[^/]*$||; s|/|_|g; s|^|test_|' | sort -u)
  build_sanitized "$log" "${unit_tests[@]}" &
  sanitized=$!
  run_ctest dev build/dev -j "$((2 * $(nproc)))" -LE '^unit$' # most of them wait for something
  [[ -e tests/conformance/node_modules/installed-package-lock.json ]] ||
    note "npm could not install the Node clients of the tests (no network, or a proxy that it does" \
      "not know?): the tests that need them count as failed, all others have run"
  note "waiting for the sanitized builds"
  if ! wait "$sanitized"; then
    tail -n 40 "$log" >&2
    die "a build with sanitizers failed (the whole log: $log)"
  fi
  run_ctest asan build/asan -j "$(nproc)" -L '^unit$'
  run_ctest tsan build/tsan -j "$(nproc)" -L '^threads$'
  figures_of build/report-dev.xml
  run_ctest fuzz build/fuzz -j "$(nproc)" -L '^fuzz$'
  note "$(((SECONDS - started) / 60)) min $(((SECONDS - started) % 60)) s"
  python3 tools/count_tests.py "${reports[@]}" || failed=1
  return "$failed"
}

# check_cost [--keep]
check_cost() {
  need build cost
  build_preset release fixed_work
  exec python3 -B "$root/tests/cost/cost.py" "$root/build/release/bin/fixed_work" "$@"
}

run_check() {
  case $* in
  '') ;;
  --cost | '--cost --keep') check_cost "${@:2}" ;;
  *) usage_error "check takes nothing, --cost, or --cost --keep" ;;
  esac
  local -a reports=()
  local failed=0
  need build check
  mkdir -p build
  configure_preset dev build/dev build/dev-configure.log
  run_ctest checks build/dev -L '^check$'
  python3 tools/count_tests.py "${reports[@]}" || failed=1
  return "$failed"
}
