#!/bin/bash
# Measures acknowledged messages of the native protocol: how many, how soon, and the processor time of the server and
# its PostgreSQL for each. Starts a server of its own; or measures another, whose limits of rate are off:
#
#   bench/acks.sh [--rooms 50] [--conns 50] [--window 20] [--hot-conns 10] [--hot-window 100] [--seconds 10]
#                 [--warmup 15] [--rate R] [--size 100] [--lone 1000]
#   bench/acks.sh --url http://127.0.0.1:8080 --pid PID --postgres PID …
#
# Five phases after the warm-up: all rooms saturated (each socket has a window of messages under way), all rooms at a
# schedule (half of what was reached, or --rate), one room saturated, one room at half, one message at a time.
# Exit status 1 if a message was lost, numbered twice or out of order.
set -euo pipefail
cd "$(dirname "$0")/.."
. bench/server.sh

case " $* " in
  *' --url '*) server=() ;;
  *)
    build_parley
    start_parley "${PORT:-9402}"
    trap stop_parley EXIT
    server=(--url "http://127.0.0.1:${PORT:-9402}" --pid "$parley_pid"
      --postgres "$postgres_pid")
    ;;
esac
"$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=4 -Xmx512m -cp "bench/target/classes:server/target/lib/*" \
  dev.parley.bench.ack.AckBench "${server[@]}" "$@"
