# Sourced by the benches: builds, and starts a server of its own on 127.0.0.1 with a fresh data folder, limits of rate
# off and the flags of ./parley. Finds a JDK 25 as ./parley does; PARLEY_JAVA_OPTS adds flags.
. bin/find-jdk
find_jdk
java=$JDK/bin/java
parley_flags="-XX:+UseCompactObjectHeaders -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Dio.netty.allocator.type=pooled"

build_parley() {
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
  # shellcheck disable=SC2086 # options are words
  env -C "$data" PARLEY_DATA="$data" PORT="$1" API_PORT=off CONFORMANCE_BENCH=on COMPAT_AUTO_CREATE=on LOG_LEVEL=warn \
    RATE_LOGINS=off RATE_MESSAGES=off RATE_REQUESTS=off RATE_CONNECTS=off ACCESS_TOKEN_TTL=1d \
    "${as[@]}" "$java" $parley_flags ${PARLEY_JAVA_OPTS:-} -jar "$PWD/server/target/parley-server.jar" serve \
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
