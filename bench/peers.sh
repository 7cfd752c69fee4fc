#!/bin/bash
# Measures Parley beside its peers in one run, in turns (A B … A B …), with one load generator:
#
#   WSLOAD=<folder of wsload> bench/peers.sh [rounds]
#
# wsload is a load generator in C with small servers on gorilla, centrifuge and Bun to compare with. It is not part of
# this repository; its `make` needs a C compiler, Go and npm. Measured are
#   sat   one room of 1,000 members, 8 messages under way: deliveries per second and processor time per delivery;
#   mem   memory per idle connection: the slope of the resident set from 2,000 to 18,000 connections.
# For Parley with storage the processes of PostgreSQL count as well. Any message lost, doubled or out of order is an error.
#
# SAT="connect sat:5:8 sat:8:8" names the phases of one turn; the last one counts. ROUNDS is 3. MEM=off leaves memory out.
set -euo pipefail
cd "$(dirname "$0")/.."
. bench/server.sh
: "${WSLOAD:?is to name the folder of wsload}"
rounds=${1:-3}
read -ra sat <<<"${SAT:-connect sat:5:8 sat:8:8}"
port=${PORT:-9403}
peers=(gorilla centrifuge centrifuge-history bun)
out=$(mktemp -d)
ulimit -n "$(ulimit -Hn)"

# Prints the figures of the last phase that a file holds: "deliveries/s µs total µs user µs sys".
figures='
  const lines = require("fs").readFileSync(process.argv[1], "utf8").trim().split("\n").map((l) => JSON.parse(l));
  const bad = lines.find((l) => !l.ok);
  if (bad) { console.error("not flawless: " + JSON.stringify(bad)); process.exitCode = 1; }
  const last = lines.at(-1);
  const cpu = last.server_us_per_delivery ?? {};
  console.log(last.rss_bytes_per_conn !== undefined
    ? last.rss_bytes_per_conn + " " + (last.heap_bytes_per_conn ?? "-")
    : [last.deliveries_per_s, cpu.total, cpu.user, cpu.sys, last.latency_ms.p50, last.latency_ms.p99].join(" "));
'

# load NAME ARGUMENTS…: one turn against the running server of ours.
load() {
  local name=$1
  shift
  "$WSLOAD/wsload" --url "ws://127.0.0.1:$port" --pid "$parley_pid" --conns "${conns:-1000}" "$@" 2>/dev/null >"$out/turn" || true
  echo "$name $(node -e "$figures" "$out/turn")" | tee -a "$out/figures"
}

turn() {
  load parley-bare --path '/bench/broadcast?room={room}' "${sat[@]}"
  load parley-durable --pid "$postgres_pid+" --preset workspace --orgs 1 "${sat[@]}"
  for peer in "${peers[@]}"; do
    PORT=$((port + 1)) "$WSLOAD/with-peer.sh" "$peer" --conns 1000 "${sat[@]}" 2>/dev/null >"$out/turn" || true
    echo "$peer $(node -e "$figures" "$out/turn")" | tee -a "$out/figures"
  done
}

make -s -C "$WSLOAD" wsload peers >&2
build_parley
echo "# $(date -u +%F) $(git rev-parse --short HEAD) $(nproc) cores $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)"
echo '# server deliveries/s us/delivery user sys p50_ms p99_ms'
start_parley "$port"
trap stop_parley EXIT
curl -sf -o "$out/answer" -d '{"id":"org1","name":"org1"}' "http://127.0.0.1:$port/api/v1/orgs"
curl -sf -o "$out/answer" -d '{"id":"g0","name":"g0"}' "http://127.0.0.1:$port/api/v1/orgs/org1/groups"
for ((round = 0; round < rounds; round++)); do
  turn
done
stop_parley
trap - EXIT

if [ "${MEM:-on}" = on ]; then
  echo '# memory per idle connection: server rss_bytes live_heap_bytes'
  start_parley "$port"
  trap stop_parley EXIT
  conns=18000 load parley-bare-mem --rooms 180 --path '/bench/broadcast?room={room}' \
    --gc-cmd "$(printf '%q ' "${as[@]}" "${java%java}jcmd" "$parley_pid") GC.class_histogram | awk '/^Total/{print \$3}'" mem:2000:18000
  for peer in gorilla centrifuge bun; do
    gc=true
    case $peer in
      # The shell of the load generator, whose parent is the script that started the peer.
      gorilla | centrifuge) gc="kill -USR1 \$(pgrep -x $peer -P \$(ps -o ppid= -p \$PPID))" ;;
    esac
    PORT=$((port + 1)) "$WSLOAD/with-peer.sh" "$peer" --conns 18000 --rooms 180 --gc-cmd "$gc" mem:2000:18000 2>/dev/null \
      >"$out/turn" || true
    echo "$peer-mem $(node -e "$figures" "$out/turn")"
  done
fi

echo '# medians'
awk '{ n[$1]++; d[$1, n[$1]] = $2; c[$1, n[$1]] = $3 }
  function median(list, name,   i, j, t, v) {
    for (i = 1; i <= n[name]; i++) v[i] = list[name, i]
    for (i = 1; i <= n[name]; i++) for (j = i + 1; j <= n[name]; j++) if (v[j] < v[i]) { t = v[i]; v[i] = v[j]; v[j] = t }
    return v[int((n[name] + 1) / 2)]
  }
  END { for (name in n) printf "%-20s %9d deliveries/s %7.2f us/delivery\n", name, median(d, name), median(c, name) }' \
  <(grep -v mem "$out/figures") | sort
rm -rf "$out"
