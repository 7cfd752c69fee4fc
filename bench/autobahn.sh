#!/bin/bash
# Runs the Autobahn conformance suite against the frame layer's echo server and prints a summary.
#
#   bench/autobahn.sh                 all 517 cases (about 20 minutes; needs Python 2.7, `python2.7` or pyenv's)
#   bench/autobahn.sh core            the 301 core cases (about 20 seconds)
#   bench/autobahn.sh 6.4.* 12.1.*    some
#
# Without Python 2.7 the suite's older edition runs on Jython: the 301 core cases, no compression.
# The report is in bench/target/autobahn/report/index.html. Exit status 0 if no case failed.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$PWD/bench/target/autobahn
port=${PORT:-9401}
. bin/find-jdk
find_jdk
java=$JDK/bin/java

core='1.* 2.* 3.* 4.* 5.* 6.* 7.* 9.* 10.*'
case "${1:-all}" in
  all) cases="$core 12.* 13.*" ;;
  core) cases=$core ;;
  *) cases=$* ;;
esac

python27() {
  if python2.7 -c '' 2>/dev/null; then
    echo python2.7
  elif [ -x "${PYENV_ROOT:-$HOME/.pyenv}/versions/2.7.18/bin/python2.7" ]; then
    echo "${PYENV_ROOT:-$HOME/.pyenv}/versions/2.7.18/bin/python2.7"
  fi
}

python=$(python27)
profile=()
[ -n "$python" ] || profile=(-Pautobahn)
mvn -q -B -ntp -pl bench -am -DskipTests "${profile[@]}" package
rm -rf "$out/report"
mkdir -p "$out"

if [ -n "$python" ]; then
  export PYTHONUSERBASE=$out/python
  [ -e "$out/python/installed" ] || {
    "$python" -m pip install --quiet --user --no-warn-script-location --disable-pip-version-check autobahntestsuite==25.10.1
    touch "$out/python/installed"
  }
  suite=("$python" -c 'from autobahntestsuite.wstest import run; run()')
else
  echo 'no Python 2.7: the core cases run on Jython, compression is left out' >&2
  suite=("$java" -Dpython.cachedir.skip=true -cp "$out/jython/*" org.python.util.jython -c
    'from autobahntestsuite import wstest; wstest.run()')
fi

printf '{"outdir": "%s", "servers": [{"agent": "parley", "url": "ws://127.0.0.1:%s/conformance/echo"}],
  "cases": ["%s"], "exclude-cases": [], "exclude-agent-cases": {}}\n' \
  "$out/report" "$port" "$(set -f; echo $cases | sed 's/ /", "/g')" >"$out/spec.json"

"$java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Xmx1g \
  -cp "bench/target/classes:server/target/classes:server/target/lib/*" \
  dev.parley.bench.socket.SocketServer "$port" >"$out/server.log" 2>&1 &
server=$!
trap 'kill $server' EXIT
until grep -q listening "$out/server.log"; do
  kill -0 $server
  sleep 0.2
done

(cd "$out" && "${suite[@]}" -m fuzzingclient -s spec.json) >"$out/suite.log" 2>&1 || {
  tail -5 "$out/suite.log" >&2
  exit 2
}

node - "$out/report/index.json" <<'REPORT' || exit 1
const results = Object.entries(JSON.parse(require("fs").readFileSync(process.argv[2])).parley);
const counts = {};
for (const [, result] of results) counts[result.behavior] = (counts[result.behavior] ?? 0) + 1;
console.log(results.length + " cases: " + Object.entries(counts).map(([what, n]) => n + " " + what).join(", "));
const good = new Set(["OK", "INFORMATIONAL"]);
const open = results.filter(([, result]) => !good.has(result.behavior) || !good.has(result.behaviorClose));
for (const [name, result] of open) console.log("  " + name + " " + result.behavior + ", close " + result.behaviorClose);
const tolerable = new Set([...good, "NON-STRICT", "UNIMPLEMENTED"]);
process.exitCode = open.every(([, r]) => tolerable.has(r.behavior) && tolerable.has(r.behaviorClose)) ? 0 : 1;
REPORT
