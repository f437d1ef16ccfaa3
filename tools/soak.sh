# Sourced by ./run: the long forms of the fault tests, and the table of their figures.
# shellcheck shell=bash
: "${root:?is set by ./run}"

# figures_of FILE...: the lines "figures PROGRAM NAME=VALUE ..." in them, as a table.
figures_of() {
  local program pairs pair
  note "figures"
  { grep -ahE '^figures ' "$@" || true; } | while read -r _ program pairs; do
    for pair in $pairs; do
      printf '%-24s %-24s %s\n' "$program" "${pair%%=*}" "${pair#*=}"
      program='' # once is enough
    done
  done
}

# fault_programs: their names, one a line.
fault_programs() {
  local file
  for file in tests/faults/*_test.mjs; do
    file=${file##*/}
    printf '%s\n' "${file%_test.mjs}"
  done
}

run_soak() {
  local -a programs=("$@") logs=()
  local program started failed=0
  ((${#programs[@]})) || mapfile -t programs < <(fault_programs)
  for program in "${programs[@]}"; do
    [[ -e tests/faults/${program}_test.mjs ]] ||
      usage_error "no fault test '$program': there are $(fault_programs | paste -sd ' ')"
  done
  need build test
  build_preset dev
  node tests/conformance/install_packages.mjs >&2
  mkdir -p build/soak
  for program in "${programs[@]}"; do
    logs+=("build/soak/$program.log")
    started=$SECONDS
    note "$program (output in ${logs[-1]})"
    if GLEANER_SOAK=1 GLEANER_BIN_DIR=$root/build/dev/bin \
      node "tests/faults/${program}_test.mjs" >"${logs[-1]}" 2>&1; then
      note "$program passed in $((SECONDS - started)) s"
    else
      failed=$((failed + 1))
      note "$program FAILED after $((SECONDS - started)) s; its last lines:"
      tail -n 40 "${logs[-1]}" >&2
    fi
  done
  figures_of "${logs[@]}"
  printf '%d passed, %d failed\n' "$((${#programs[@]} - failed))" "$failed"
  ((failed == 0))
}
