#!/bin/bash
# Measures how late reminders come: makes tasks that are due within one minute and listens on the sockets of their
# assignees. Starts a server of its own; or measures another, whose limits of rate are off:
#
#   bench/reminders.sh [--tasks 10000] [--seconds 60] [--lead 60]
#   bench/reminders.sh --url http://127.0.0.1:8080 …
#
# --seconds 0 makes all due at once. Exit status 1 if a reminder did not come, or came twice.
set -euo pipefail
cd "$(dirname "$0")/.."
. bench/server.sh

case " $* " in
  *' --url '*) server=() ;;
  *)
    build_parley
    start_parley "${PORT:-9403}"
    trap stop_parley EXIT
    server=(--url "http://127.0.0.1:${PORT:-9403}")
    ;;
esac
"$java" -XX:+UseSerialGC -Xmx512m -cp "bench/target/classes:server/target/lib/*" \
  dev.parley.bench.remind.ReminderBench "${server[@]}" "$@"
