#!/usr/bin/env bash
# Shows Gleaner at work on this machine alone. Usage: tools/demo.sh FOLDER_WITH_THE_PROGRAMS
# Everything it writes is below build/demo; everything it starts ends with it.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
bin=$(cd "$1" && pwd)
demo=$root/build/demo
gleaner=$bin/gleaner

# shellcheck source=tools/demo_parts.sh
source "$root/tools/demo_parts.sh"

start_gleaner() {
  unset REDIS_URL UPSTASH_REDIS_REST_URL UPSTASH_REDIS_REST_TOKEN HUNTER_API_KEY_FILE
  export HUNTER_API_URL=$api/v2 HUNTER_API_KEY=demo-key GLEANER_LISTEN=127.0.0.1:0
  export GLEANER_STATE_FOLDER=$demo/state NH_COLLECTIONS_DIR=$demo/collections
  # A session of its own: Ctrl-C is for this script, which then ends all others in order.
  setsid setpriv --pdeathsig TERM "$gleaner" run >"$demo/gleaner.log" 2>&1 &
  started+=($!)
  local ready
  ready=$(await '.*worker\.ready.*' "$demo/gleaner.log" "$!")
  listener=http://127.0.0.1:$(grep -oE '"port": ?[0-9]+' <<<"$ready" | grep -oE '[0-9]+')
  redis_url=$(grep -oE -m1 'redis://127\.0\.0\.1:[0-9]+' "$demo/gleaner.log")
  redis_pid=$(pgrep -P "$!" redis-server || true)
}

# start_watch: live lines of the queue on standard output until the demo ends, shortened.
start_watch() {
  local tries
  setsid setpriv --pdeathsig TERM "$gleaner" watch 2>"$demo/watch.log" > >(sed -u -nE 's/"//g
    s/^progress  job ([0-9]+)  data=\{status:(.*)\}$/  job \1  \2/p') &
  started+=($!)
  for ((tries = 0; tries < 100; tries++)); do
    redis-cli -u "$redis_url" CLIENT LIST | grep -q cmd=xread && return
    sleep 0.05
  done
}

# recipe: the commands that README.md gives to those who have nothing but redis-cli.
recipe() {
  awk '/^```/ { if (inside && text ~ /domain-collection:wait/) printf "%s", text; inside = !inside; text = ""; next }
       inside { text = text $0 "\n" }' "$root/README.md"
}

begin_demo

title "1. Starting"
# shellcheck disable=SC2119
start_simulator
echo "A simulated Hunter API answers at $api (no key, no credits, no network needed)."
start_gleaner
echo "Gleaner runs with a Redis of its own ($redis_url) and listens on $listener."

title "2. Queueing domains"
echo "The names tell the simulated API what to do: c500 has 500 contacts, throttle2-p3 refuses page 3"
echo "twice, dups repeats rows, claimed may not be processed for legal reasons, and so fails for good."
domains=(c5.test c500-slow200.test empty.test c500-throttle2-p3.test c250-dups.test claimed.test)
echo "${dim}\$ redis-cli ...    # the recipe of README.md, for example.com"
echo "\$ gleaner enqueue --wait ${domains[*]}"
echo "\$ gleaner watch    # meanwhile, in short:$plain"
start_watch
REDIS_URL=$redis_url bash -euc "$(recipe)" >"$demo/recipe.log" 2>&1 ||
  fail "the recipe of README.md failed:" "$demo/recipe.log"
# One of the domains fails, and --wait says so by its exit code.
setpriv --pdeathsig TERM "$gleaner" enqueue --wait "${domains[@]}" >"$demo/enqueue.log" 2>&1 || [[ $? == 1 || $? == 4 ]] ||
  fail "gleaner enqueue failed:" "$demo/enqueue.log"
kill -TERM "${started[-1]}"
wait "${started[-1]}" || true

title "3. What was stored"
show "$gleaner" results ls
title "4. What became of the jobs"
show "$gleaner" jobs ls
title "5. What an operator sees"
curl -fsS "$listener/metrics" >"$demo/metrics.txt" || fail "$listener/metrics does not answer"
echo "${dim}\$ curl $listener/metrics    # an excerpt${plain}"
grep -E '^gleaner_(jobs|pages|contacts|api_requests|api_throttled|storage_writes)_total' "$demo/metrics.txt" |
  grep -v ' 0$'
ended=$(sed -nE 's/^gleaner_jobs_total\{.*outcome="([a-z]+)".*\} ([0-9]+).*/\1 \2/p' "$demo/metrics.txt" | sort | tr '\n' ' ')
[[ $ended == "completed 6 failed 1 " ]] ||
  fail "six jobs were to complete and one to fail, but: $ended(the log: $demo/gleaner.log)"

title "Where things are"
cat <<TEXT
collections   $demo/collections   one JSON file per domain
              head -n 20 '$demo'/collections/c5.test_*.json
logs          $demo/gleaner.log and simulator.log
look at one   NH_COLLECTIONS_DIR='$demo/collections' '$gleaner' results show c5.test
All that was started is being stopped now; ./run demo again takes seconds.
TEXT
