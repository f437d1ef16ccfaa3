#!/usr/bin/env bash
# Shows a cluster on this machine alone: three nodes, each in a network namespace of its own, joined by TLS.
# Usage: tools/demo_cluster.sh FOLDER_WITH_THE_PROGRAMS (as root)
# Everything it writes is below build/demo; everything it starts ends with it.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
bin=$(cd "$1" && pwd)
demo=$root/build/demo
domain=c20000.test # of 200 pages, which the simulated API makes up
nodes=(coordinator fetcher-a fetcher-b)

# shellcheck source=tools/demo_parts.sh
source "$root/tools/demo_parts.sh"

unshare --net true 2>/dev/null || fail "network namespaces can't be made here: they need root (sudo ./run demo --cluster)"

# Namespaces are held by a process each; the kernel removes them, and the links, when it ends.
declare -A holder=()
# within NODE COMMAND...: runs it in the node's network.
within() {
  local node=$1
  shift
  nsenter -t "${holder[$node]}" -n "$@"
}
# begin NODE LOG COMMAND...: starts a program there that ends with this script.
begin() {
  local node=$1 log=$2
  shift 2
  setsid setpriv --pdeathsig TERM nsenter -t "${holder[$node]}" -n "$@" >"$log" 2>&1 &
  started+=($!)
}

make_namespace() {
  setsid setpriv --pdeathsig TERM unshare --net sleep infinity &
  started+=($!)
  holder[$1]=$!
  local tries ours
  ours=$(readlink /proc/self/ns/net)
  for ((tries = 0; tries < 200; tries++)); do
    [[ $(readlink "/proc/$!/ns/net") == "$ours" ]] || break
    sleep 0.02
  done
  within "$1" ip link set lo up
}

# make_link NUMBER NODE: a cable between the coordinator (10.78.NUMBER.1) and the node (10.78.NUMBER.2).
make_link() {
  within coordinator ip link add "to-$2" type veth peer name cable netns "${holder[$2]}"
  within coordinator ip addr add "10.78.$1.1/24" dev "to-$2"
  within coordinator ip link set "to-$2" up
  within "$2" ip addr add "10.78.$1.2/24" dev cable
  within "$2" ip link set cable up
}

# way_to_api NODE: the simulated API on the node's loopback, as each machine has a way of its own to the Internet.
way_to_api() {
  begin "$1" "$demo/way-$1.log" socat "TCP-LISTEN:8080,bind=127.0.0.1,fork,reuseaddr" "UNIX-CONNECT:$demo/api.sock"
}

start_api() {
  start_simulator --delay-ms 300 --call-log 100000
  setsid setpriv --pdeathsig TERM socat "UNIX-LISTEN:$demo/api.sock,fork" "TCP:${api#http://}" >"$demo/way.log" 2>&1 &
  started+=($!)
}

export HUNTER_API_URL=http://127.0.0.1:8080/v2 HUNTER_API_KEY=demo-key HUNTER_MAX_COLLECT=20000
export GLEANER_API__MAX_FETCHERS=8 GLEANER_API__PAGES_PER_JOB=16
export GLEANER_STATE_FOLDER=$demo/state NH_COLLECTIONS_DIR=$demo/collections GLEANER_CLUSTER__TLS_CA=$demo/ca/ca.pem
unset REDIS_URL UPSTASH_REDIS_REST_URL UPSTASH_REDIS_REST_TOKEN HUNTER_API_KEY_FILE

# node_settings NODE: those that it does not share with the others.
node_settings() {
  printf '%s\n' --listen 127.0.0.1:9464 --cluster-tls-cert "ca/$1.pem" --cluster-tls-key "ca/$1.key"
}

# start_coordinator: with the private Redis of its state folder.
start_coordinator() {
  local -a settings
  mapfile -t settings < <(node_settings coordinator)
  begin coordinator "$demo/coordinator.log" "$bin/gleaner" run --role coordinator --cluster-listen 0.0.0.0:9470 \
    "${settings[@]}"
  await 'worker\.ready' "$demo/coordinator.log" "$!" >>"$demo/awaited.log"
  redis_pid=$(pgrep -P "$!" redis-server || true)
}

# start_fetcher NUMBER NODE: its process is ${fetcher[NODE]}.
declare -A fetcher=()
start_fetcher() {
  local -a settings
  mapfile -t settings < <(node_settings "$2")
  begin "$2" "$demo/$2.log" "$bin/gleaner" run --role fetcher --node "$2" --join "10.78.$1.1:9470" "${settings[@]}"
  fetcher[$2]=$!
  await 'cluster\.joined' "$demo/$2.log" "$!" >>"$demo/awaited.log"
}

# calls FILTER: what the simulated API was asked for, one "domain offset" a line.
calls() {
  curl -fsS "$api/admin/calls" | tr '{' '\n' | sed -nE 's/.*"domain":"([^"]+)".*"offset":([0-9]+).*/\1 \2/p'
}

begin_demo

title "1. Three nodes, each with a network of its own"
for node in "${nodes[@]}"; do make_namespace "$node"; done
make_link 1 fetcher-a
make_link 2 fetcher-b
start_api
for node in "${nodes[@]}"; do way_to_api "$node"; done
show "$bin/gleaner" cluster init-ca --folder ca
for node in "${nodes[@]:1}"; do show "$bin/gleaner" cluster issue "$node" --folder ca | sed -n 1p; done
show "$bin/gleaner" cluster issue coordinator --host 10.78.1.1,10.78.2.1 --folder ca
start_coordinator
start_fetcher 1 fetcher-a
start_fetcher 2 fetcher-b
echo "The fetchers reach the coordinator and the API, and nothing else: no Redis, no folder of collections."
echo "The API allows 15 requests a second to all of them together."

title "2. A domain of 200 pages; fetcher-b is killed in the middle"
setpriv --pdeathsig TERM "$bin/gleaner" enqueue --wait "$domain" >"$demo/enqueue.log" 2>&1 &
waiting=$!
for ((tries = 0; tries < 1200; tries++)); do
  (($(calls | wc -l) < 80)) || break
  sleep 0.05
done
{ kill -KILL "${fetcher[fetcher-b]}" && wait "${fetcher[fetcher-b]}"; } 2>/dev/null || true
echo "fetcher-b is killed (kill -9); $(calls | wc -l) pages have been asked for."
wait "$waiting" || fail "the domain was not collected:" "$demo/enqueue.log"
sleep 5 # the coordinator tells every 5 s what its nodes do

title "3. What each node did"
show "$bin/gleaner" cluster ls
title "4. What was stored"
show "$bin/gleaner" results ls
asked=$(calls | wc -l)
twice=$(calls | sort | uniq -d | wc -l)
printf '%s requests for 200 pages; asked for twice, since they were on their way at the kill: %s.\n' "$asked" "$twice"
refused=$(grep -c '"api.rate_limited"' "$demo/coordinator.log" || true)
printf '%s requests were refused for their number.\n' "$refused"
((refused == 0 && asked - twice == 200 && twice <= GLEANER_API__MAX_FETCHERS)) || fail "that is not as it should be" "$demo/coordinator.log"

title "Where things are"
cat <<TEXT
logs of the nodes   $demo/coordinator.log, fetcher-a.log and fetcher-b.log
certificates        $demo/ca
All that was started is being stopped now. CLUSTER.md says how to do this on machines of your own.
TEXT
