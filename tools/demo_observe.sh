#!/usr/bin/env bash
# Shows what an operator sees in a day's worth of trouble: a Prometheus with the shipped rules watches a coordinator, two
# fetchers and a simulated API, while one thing after another goes wrong. A minute of the rules is a second here.
# Usage: tools/demo_observe.sh FOLDER_WITH_THE_PROGRAMS
# Everything it writes is below build/demo; everything it starts ends with it.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
bin=$(cd "$1" && pwd)
demo=$root/build/demo
gleaner=$bin/gleaner

# shellcheck source=tools/demo_parts.sh
source "$root/tools/demo_parts.sh"

# A file system of its own for the collections, which can be full without harm to the machine.
small_disk=(unshare --mount)
((EUID == 0)) || small_disk=(unshare --map-root-user --mount)
"${small_disk[@]}" true 2>/dev/null || fail "a small file system can't be made here: that needs root, or user namespaces"

# shortened: the rules with a second for each minute, and a minute for each hour.
shortened() {
  sed -E 's/(for: |\[)([0-9]+)m/\1\2s/g; s/(for: |\[)([0-9]+)h/\1\2m/g; s/86400\)/1440)/; s/3600\)/60)/; s/> 900$/> 15/; s/> 300$/> 5/' \
    "$root/dashboards/prometheus/gleaner.rules.yml"
}

# start_prometheus PORT...: scrapes the listeners at these ports each second.
start_prometheus() {
  local targets
  targets=$(printf '"127.0.0.1:%s", ' "$@")
  shortened >"$demo/gleaner.rules.yml"
  sed -E "s/(_interval:) 15s/\1 1s/; s/targets: .*/targets: [${targets%, }]/" "$root/dashboards/prometheus/prometheus.yml" >"$demo/prometheus.yml"
  setsid setpriv --pdeathsig TERM prometheus --config.file="$demo/prometheus.yml" --storage.tsdb.path="$demo/prometheus" \
    --web.listen-address="127.0.0.1:$prometheus_port" >"$demo/prometheus.log" 2>&1 &
  started+=($!)
  await 'Server is ready' "$demo/prometheus.log" "$!" >>"$demo/awaited.log"
}

# free_port: one that nothing listens at.
free_port() {
  local port
  for ((port = 20000 + RANDOM % 20000; ; port++)); do
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

port_in() { grep -oE '"worker\.ready".*"port":[0-9]+' "$1" | grep -oE '[0-9]+$'; }

start_coordinator() {
  mkdir -p "$demo/collections"
  # shellcheck disable=SC2016 # the inner shell expands
  setsid setpriv --pdeathsig TERM "${small_disk[@]}" bash -c \
    'mount -t tmpfs -o size=16m,mode=0700 tmpfs "$1" && exec "$2" run --role coordinator --cluster-listen "127.0.0.1:$3"' \
    - "$demo/collections" "$gleaner" "$cluster_port" >"$demo/coordinator.log" 2>&1 &
  started+=($!)
  coordinator=$!
  await 'worker\.ready' "$demo/coordinator.log" "$!" >>"$demo/awaited.log"
  redis_url=$(grep -oE -m1 'redis://127\.0\.0\.1:[0-9]+' "$demo/coordinator.log")
  redis_pid=$(pgrep -P "$!" redis-server || true)
}

# start_fetcher NAME PORT: it is scraped there, also when it is started again.
start_fetcher() {
  GLEANER_STATE_FOLDER=$demo/$1 GLEANER_LISTEN=127.0.0.1:$2 setsid setpriv --pdeathsig TERM "$gleaner" run --role fetcher --node "$1" \
    --join "127.0.0.1:$cluster_port" >"$demo/$1.log" 2>&1 &
  started+=($!)
  await 'cluster\.joined' "$demo/$1.log" "$!" >>"$demo/awaited.log"
}

# tell_api PATH JSON: what the simulated API is to do from now on.
tell_api() { curl -fsS -X POST -d "$2" "$api/admin/$1" >>"$demo/admin.log"; }

# enqueue COUNT NAME: domains of one page.
enqueue() { seq -f "c40-$2%g.test" "$1" | "$gleaner" enqueue --file - >>"$demo/enqueue.log" 2>&1; }

began=0
# phase TITLE: says when it begins.
phase() { title "$(printf '%3d s  %s' "$(($(date +%s) - began))" "$1")"; }

# firing NAME: waits until the alert fires, at most 60 s, and says when it does.
firing() {
  local tries
  for ((tries = 0; tries < 120; tries++)); do
    if curl -fsS "$prometheus/api/v1/alerts" | tr '{' '\n' | grep -A3 "\"alertname\":\"$1\"" | grep -q '"state":"firing"'; then
      printf '%3d s  %s fires\n' "$(($(date +%s) - began))" "$1"
      return
    fi
    sleep 0.5
  done
  fail "$1 does not fire; what Prometheus says is at $prometheus/alerts" "$demo/prometheus.log"
}

export HUNTER_API_KEY=demo-key GLEANER_LISTEN=127.0.0.1:0 GLEANER_LOG__FORMAT=json
export GLEANER_STATE_FOLDER=$demo/coordinator NH_COLLECTIONS_DIR=$demo/collections GLEANER_CLUSTER__PLAIN=on
export GLEANER_API__ACCOUNT_INTERVAL=1s GLEANER_API__QUOTA_PROBE=1s
unset REDIS_URL UPSTASH_REDIS_REST_URL UPSTASH_REDIS_REST_TOKEN HUNTER_API_KEY_FILE GLEANER_CONFIG

begin_demo
title "Starting"
start_simulator --delay-ms 200 --key demo-key:available=100000:used=0
export HUNTER_API_URL=$api/v2
cluster_port=$(free_port)
start_coordinator
export REDIS_URL=$redis_url # of the commands from here on
port_a=$(free_port)
port_b=$(free_port)
start_fetcher fetcher-a "$port_a"
start_fetcher fetcher-b "$port_b"
fetcher=${started[-1]}
prometheus_port=$(free_port)
prometheus=http://127.0.0.1:$prometheus_port
start_prometheus "$(port_in "$demo/coordinator.log")" "$port_a" "$port_b"
began=$(date +%s)
echo "Gleaner is a coordinator (with a Redis of its own) and two fetchers; the API allows 15 requests a second."
echo "Prometheus ($prometheus) has the shipped rules, with a second for each of their minutes."

phase "Backlog: more domains are queued than the API's limits let through"
enqueue 400 backlog
for ((more = 50; ; more++)); do sleep 0.5 && enqueue "$more" "more$more-"; done &
feeding=$!
started+=("$feeding")
sleep 8

phase "A node is lost: fetcher-b is killed"
{ kill -KILL "$fetcher" && wait "$fetcher"; } 2>/dev/null || true
firing GleanerNodeLost
start_fetcher fetcher-b "$port_b"

phase "Throttle: the API refuses each tenth request"
tell_api switches '{"fault_rates":{"throttle":0.1}}'
firing GleanerRateLimited
tell_api switches '{"fault_rates":{}}'
firing GleanerBacklogGrowing
kill "$feeding"
wait "$feeding" 2>/dev/null || true
"$gleaner" queue drain --yes >>"$demo/enqueue.log" 2>&1

phase "Quota: the account has 4 % of its credits left, then none"
enqueue 100 low
tell_api account '{"key":"demo-key","used":96000}'
firing GleanerQuotaLow
tell_api account '{"key":"demo-key","used":100000}'
enqueue 40 none
firing GleanerQuotaExhausted
tell_api account '{"key":"demo-key","used":0}'

phase "Disk full: no collection can be stored"
fallocate -l 16M "/proc/$coordinator/root$demo/collections/filler" 2>/dev/null || cat /dev/zero >"/proc/$coordinator/root$demo/collections/filler" 2>/dev/null || true
enqueue 40 last
firing GleanerStorageErrors
rm -f "/proc/$coordinator/root$demo/collections/filler"
resumed() { grep -c '"worker.resumed".*store' "$demo/coordinator.log" || true; }
for ((tries = 0; tries < 60; tries++)); do
  (($(resumed) == 0)) || break
  sleep 0.5
done
phase "All is well again, but that the credits, spent at the pace of a demo, would end before the reset in some days"
sleep 4

title "Which alerts fired, and when"
node "$root/tools/alerts_fired.mjs" "$prometheus" "$began"
title "What the boards showed"
node "$root/tests/dashboards/draw.mjs" --prometheus "$prometheus" --out "$demo/pictures" --range "$(($(date +%s) - began + 5))s"
title "Where things are"
cat <<TEXT
pictures of the boards   $demo/pictures
logs                     $demo/coordinator.log, fetcher-a.log and fetcher-b.log
the shortened rules      $demo/gleaner.rules.yml (dashboards/README.md says how to load those that are shipped)
All that was started is being stopped now.
TEXT
