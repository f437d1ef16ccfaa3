# Sourced by ./run: the long forms of the fault tests and fuzz targets, and the table of their figures.
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

# soak_programs: their names, one a line; fuzz are all fuzz targets, simulation seeds that no run
# before had, model has more trouble in it, mutants are the tests of the tests.
soak_programs() {
  local file
  for file in tests/faults/*_test.mjs; do
    file=${file##*/}
    printf '%s\n' "${file%_test.mjs}"
  done
  printf 'fuzz\nsimulation\nmodel\nmutants\n'
}

# run_long NAME
run_long() {
  export GLEANER_SOAK=1
  if [[ $1 == fuzz ]]; then # ctest numbers the lines
    ctest --test-dir build/fuzz --verbose -L '^fuzz$' -j "$(nproc)" | sed -E 's/^[0-9]+: //'
  elif [[ $1 == simulation ]]; then
    build/dev/bin/simulation --first "$(date +%s)000000" --count 200000
  elif [[ $1 == model ]]; then
    node tests/model/run.mjs build/model
  elif [[ $1 == mutants ]]; then
    python3 tests/mutants/run.py build/mutants
  else
    GLEANER_BIN_DIR=$root/build/dev/bin node "tests/faults/$1_test.mjs"
  fi
}

run_soak() {
  local -a programs=("$@") logs=()
  local program started failed=0
  ((${#programs[@]})) || mapfile -t programs < <(soak_programs)
  for program in "${programs[@]}"; do
    [[ $program == fuzz || $program == simulation || $program == model || $program == mutants || -e tests/faults/${program}_test.mjs ]] ||
      usage_error "no fault test '$program': there are $(soak_programs | paste -sd ' ')"
  done
  need build test check
  build_preset dev programs_under_test
  [[ " ${programs[*]} " != *' fuzz '* ]] || build_preset fuzz fuzz
  node tests/install_packages.mjs tests/conformance >&2
  mkdir -p build/soak
  for program in "${programs[@]}"; do
    logs+=("build/soak/$program.log")
    started=$SECONDS
    note "$program (output in ${logs[-1]})"
    if (run_long "$program") >"${logs[-1]}" 2>&1; then
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
