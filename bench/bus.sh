#!/bin/bash
# What the bus costs on one node: bench/acks.sh without REDIS_URL and with it, in turns, each time on a server and a
# database of its own. With Redis the node publishes everything, hears it all come back and keeps presence there.
# After each run with Redis: the processor time of Redis itself.
#
#   bench/bus.sh [rounds, 2] [options of bench/acks.sh]
#
# Needs redis-server. Compare the lines of one phase; exit status 1 as of bench/acks.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
. bench/server.sh

rounds=2
case "${1:-}" in
  [1-9]*)
    rounds=$1
    shift
    ;;
esac
port=${PORT:-9402}
redis_port=${REDIS_PORT:-9479}
folder=$(mktemp -d)
redis_pid=
parley_pid=

stop_all() {
  [ -z "$parley_pid" ] || stop_parley
  [ -z "$redis_pid" ] || kill "$redis_pid" 2>/dev/null || true
  rm -rf "$folder"
}
trap stop_all EXIT

# Ticks of the processor that Redis has used so far.
redis_ticks() {
  sed 's/.*) //' "/proc/$redis_pid/stat" | awk '{print $12 + $13}'
}

# run NAME ARGS…: one server, one AckBench.
run() {
  local name=$1
  shift
  start_parley "$port"
  echo "== $name"
  "$java" -XX:+UseSerialGC -Xmx512m -cp "bench/target/classes:server/target/lib/*" dev.parley.bench.ack.AckBench \
    --url "http://127.0.0.1:$port" --pid "$parley_pid" --postgres "$postgres_pid" "$@"
  stop_parley
  parley_pid=
}

unset REDIS_URL REDIS_ADDR
build_parley
redis-server --port "$redis_port" --bind 127.0.0.1 --dir "$folder" --save '' >"$folder/redis.log" 2>&1 &
redis_pid=$!
for round in $(seq "$rounds"); do
  run "round $round, without Redis" "$@"
  before=$(redis_ticks)
  REDIS_URL="redis://127.0.0.1:$redis_port" run "round $round, with Redis" "$@"
  echo "redis-server: $(((($(redis_ticks) - before) * 1000) / $(getconf CLK_TCK))) ms of processor time"
done
uptime
