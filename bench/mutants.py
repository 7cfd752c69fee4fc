#!/usr/bin/env python3
"""Proves that the checker has teeth: builds copies of Parley with one deliberate defect each, and runs
`./parley verify` on them. Every defect must turn it red, and the unchanged copy must be green.

    bench/mutants.py [--seconds 15] [name ...]

Works in a temporary folder; changes nothing here. Takes about a minute for each defect. Exit status 0 only if all
is as it must be.
"""

import argparse
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
SERVER = "server/src/main/java/dev/parley/server/"
SCHEMA = "server/src/main/resources/db/migration/V002__rooms.sql"

# name: (what it is, [(file, before, after)])
MUTANTS = {
    "none": ("nothing is changed; this one must be green", []),
    "ack-before-commit": (
        "one commit in fifty is answered and then lost",
        [
            (
                SERVER + "adapter/postgres/Pool.java",
                "      commit(connection);\n",
                "      if (Math.random() < 0.02) { rollback(connection, new IllegalStateException()); } else { commit(connection); }\n",
            )
        ],
    ),
    "dedupe-off": (
        "the same op is posted again",
        [
            (SCHEMA, "k.op = i.op\n", "k.op = i.op and false\n"),
            (SCHEMA, "create unique index room_event_op", "create index room_event_op"),
        ],
    ),
    "resume-off-by-one": (
        "a resume leaves out the first event after the cursor",
        [
            (
                SERVER + "gateway/NativeSession.java",
                "after = cursor.get().pos();",
                "after = Math.min(head, cursor.get().pos() + 1);",
            )
        ],
    ),
    "order-from-a-sequence": (
        "seq comes from a sequence instead of the locked row",
        [
            (SCHEMA, "n.new_at, n.last_seq + n.n, n.new_id,", "n.new_at, n.new_id, n.new_id,"),
            (SCHEMA, "n.last_pos + n.n, n.last_seq + n.n, n.new_id, n.new_at,", "n.last_pos + n.n, n.new_id, n.new_id, n.new_at,"),
        ],
    ),
    "fence-off": (
        "removed members go on hearing the room",
        [
            (
                SERVER + "gateway/LoopTopic.java",
                "long upTo = batch.visibleTo(subscription.access().userId(), subscription.pos());",
                "long upTo = Long.MAX_VALUE;",
            )
        ],
    ),
}


def java():
    found = subprocess.run(
        ["sh", "-c", f'. "{ROOT}/bin/find-jdk"; find_jdk && echo "$JDK"'],
        capture_output=True, text=True, check=True, cwd=ROOT)
    return found.stdout.strip()


def copy(target):
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in files.stdout.decode().split("\0"):
        source = ROOT / name
        if name and source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name)


def mutate(target, changes):
    for name, before, after in changes:
        path = target / name
        text = path.read_text()
        if text.count(before) != 1:
            sys.exit(f"the mutant no longer fits: {before.strip()!r} stands {text.count(before)} times in {name}")
        path.write_text(text.replace(before, after))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(url, process):
    for _ in range(600):
        if process.poll() is not None:
            sys.exit("the server ended: see its output above")
        try:
            if urllib.request.urlopen(url + "/healthz", timeout=2).status == 200:
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    sys.exit("the server did not become ready")


def verify(target, jdk, seconds):
    jar = [f"{jdk}/bin/java", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
           "-jar", str(target / "server/target/parley-server.jar")]
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = dict(os.environ, PORT=str(port), API_PORT="0", PARLEY_DATA=str(target / "data"))
    with open(target / "server.log", "wb") as log:
        server = subprocess.Popen(jar, env=environment, stdout=log, stderr=log, cwd=target)
        try:
            wait_until_ready(url, server)
            command = jar + ["verify", "--url", url, "--seconds", str(seconds)]
            run = subprocess.run(command, capture_output=True, text=True, timeout=60 + 20 * seconds, cwd=target)
            return run.returncode, run.stdout
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(40)
            except subprocess.TimeoutExpired:
                server.kill()


def run(name, jdk, seconds):
    what, changes = MUTANTS[name]
    with tempfile.TemporaryDirectory(prefix="parley-mutant-") as folder:
        target = pathlib.Path(folder)
        target.chmod(0o755)
        copy(target)
        mutate(target, changes)
        build = ["mvn", "-B", "-ntp", "-q", "-pl", "protocol,client,server", "-DskipTests", "package"]
        subprocess.run(build, cwd=target, env=dict(os.environ, JAVA_HOME=jdk), check=True)
        code, output = verify(target, jdk, seconds)
    red = [line.split()[1] for line in output.splitlines() if line.startswith("✗")]
    good = (code == 0) == (name == "none")
    print(f"{'ok  ' if good else 'FAIL'} {name:22} {'green' if code == 0 else 'red: ' + ', '.join(red)}   ({what})", flush=True)
    if not good:
        print(output)
    return good


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=int, default=15)
    options.add_argument("names", nargs="*", choices=[[], *MUTANTS], metavar="name")
    chosen = options.parse_args()
    jdk = java()
    results = [run(name, jdk, chosen.seconds) for name in chosen.names or MUTANTS]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
