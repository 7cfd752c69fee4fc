# Sourced by the benches: builds, and starts ./parley as users have it, on 127.0.0.1, with a fresh data folder and limits of
# rate off. Finds a JDK 25 as ./parley does; PARLEY_JAVA_OPTS adds flags.
. bin/find-jdk
find_jdk
java=$JDK/bin/java

build_parley() {
  ./parley --version >&2
  JAVA_HOME=$JDK mvn -q -B -ntp -pl bench -am -Dmaven.test.skip=true package
}

# start_parley PORT: sets parley_pid, and postgres_pid to the postmaster's.
start_parley() {
  data=$(mktemp -d)
  as=()
  if [ "$(id -u)" = 0 ]; then
    # PostgreSQL refuses to run as root.
    chown 65534:65534 "$data"
    as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  fi
  env -C "$data" PARLEY_DATA="$data" PORT="$1" API_PORT=off CONFORMANCE_BENCH=on COMPAT_AUTO_CREATE=on LOG_LEVEL=warn \
    RATE_LOGINS=off RATE_MESSAGES=off RATE_REQUESTS=off RATE_CONNECTS=off ACCESS_TOKEN_TTL=1d \
    PARLEY_BUILD=never "${as[@]}" "$PWD/parley" serve \
    >"$data/server.log" 2>&1 &
  parley_pid=$!
  until grep -qs 'is ready' "$data/server.log"; do
    kill -0 "$parley_pid" 2>/dev/null || {
      cat "$data/server.log" >&2
      return 1
    }
    sleep 0.2
  done
  postgres_pid=$(head -n 1 "$(find "$data" -name postmaster.pid | head -n 1)")
}

stop_parley() {
  kill "$parley_pid" 2>/dev/null || true
  wait "$parley_pid" 2>/dev/null || true
  rm -rf "$data"
}
