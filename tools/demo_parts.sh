# Sourced by the demos: how they tell what they do, and how all that they start ends with them.
# shellcheck shell=bash
: "${bin:?is set by the demo}" "${demo:?is set by the demo}"
started=() # process ids, oldest first

if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
  bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'
else
  bold='' dim='' plain=''
fi

title() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
# show COMMAND...: prints a command as one would type it, then runs it.
show() {
  printf '%s$ %s%s\n' "$dim" "${*//$bin\//}" "$plain"
  "$@"
}

fail() {
  printf 'demo: %s\n' "$1" >&2
  [[ ! -s ${2:-} ]] || tail -n 12 "$2" >&2
  exit 1
}

# stop_all: newest first, as one would by hand; nothing may be left.
stop_all() {
  local status=$? pid i
  trap - EXIT INT TERM HUP
  for ((i = ${#started[@]} - 1; i >= 0; i--)); do
    kill -TERM "${started[i]}" 2>/dev/null || true
    wait "${started[i]}" 2>/dev/null || true
  done
  for pid in "${started[@]}" "${redis_pid:-}"; do
    if [[ -n $pid ]] && kill -0 "$pid" 2>/dev/null; then
      printf 'demo: process %s is still there\n' "$pid" >&2
      status=1
    fi
  done
  exit "$status"
}

# await PATTERN LOG PID: the first match of an extended regular expression in a growing log.
await() {
  local found tries
  for ((tries = 0; tries < 600; tries++)); do
    if found=$(grep -soE -m1 "$1" "$2"); then
      printf '%s\n' "$found"
      return
    fi
    kill -0 "$3" 2>/dev/null || fail "a program ended before it was ready; its log ($2) ends with:" "$2"
    sleep 0.05
  done
  fail "no '$1' within 30 s in $2:" "$2"
}

# start_simulator OPTION...
# shellcheck disable=SC2120 # one of the demos gives none
start_simulator() {
  setsid "$bin/gleaner-simulator" --die-with-parent "$@" >"$demo/simulator.log" 2>&1 &
  started+=($!)
  # shellcheck disable=SC2034 # of the demo
  api=$(await 'http://127\.0\.0\.1:[0-9]+' "$demo/simulator.log" "$!")
}

# begin_demo: from here on all is cleaned up at the end, in an empty folder.
begin_demo() {
  trap stop_all EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  rm -rf "$demo"
  mkdir -p "$demo"
  cd "$demo" || exit
}
