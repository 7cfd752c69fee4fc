#!/usr/bin/env python3
"""Measures what a user waits for: the time from the command `./parley` to the first message that comes back.

    bench/start.py [--runs 5]

The first start makes the data (a folder of its own, thrown away afterwards) and does not count. Every later one is
timed from the fork of the command to the echo of a message that was stored, and then ended with SIGTERM, which must
end with exit code 0. Prints each run and the median.
"""

import argparse
import base64
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PATH = "/ws/orgs/start/groups/echo?clientId=stopwatch"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def post(port, path, body):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    status = connection.getresponse().status
    connection.close()
    return status


def connect(port, process):
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=10)
        except OSError:
            if process.poll() is not None:
                sys.exit("the server ended; see its log")
            time.sleep(0.005)


def frame(text):
    body = text.encode()
    mask = os.urandom(4)
    return bytes([0x81, 0x80 | len(body)]) + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(body))


def echo(port, process):
    with connect(port, process) as sock:
        key = base64.b64encode(os.urandom(16)).decode()
        sock.sendall((f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
                      f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        heard = b""
        while b"\r\n\r\n" not in heard:
            heard += sock.recv(4096)
        if b" 101 " not in heard.split(b"\r\n", 1)[0]:
            sys.exit(f"no socket: {heard[:200]!r}")
        word = "first " + os.urandom(4).hex()
        sock.sendall(frame(json.dumps({"content": word})))
        while word.encode() not in heard:
            part = sock.recv(4096)
            if not part:
                sys.exit("the socket was closed")
            heard += part


def run(data, log, first):
    port = free_port()
    environment = dict(os.environ, PORT=str(port), API_PORT="off", PARLEY_DATA=str(data))
    begin = time.monotonic()
    process = subprocess.Popen([str(ROOT / "parley")], env=environment, stdout=log, stderr=log)
    if first:
        connect(port, process).close()
        while post(port, "/api/v1/orgs", {"id": "start", "name": "Start"}) >= 500:
            time.sleep(0.1)
        post(port, "/api/v1/orgs/start/groups", {"id": "echo", "name": "Echo"})
    echo(port, process)
    took = time.monotonic() - begin
    process.send_signal(signal.SIGTERM)
    code = process.wait(60)
    if code != 0:
        sys.exit(f"SIGTERM ended with exit code {code}")
    return took


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=5)
    runs = options.parse_args().runs
    folder = pathlib.Path(tempfile.mkdtemp(prefix="parley-start-"))
    folder.chmod(0o755)
    try:
        with open(folder / "server.log", "wb") as log:
            print(f"first start, with the build if needed: {run(folder / 'data', log, True):.2f} s", flush=True)
            times = []
            for number in range(runs):
                times.append(run(folder / "data", log, False))
                print(f"start {number + 1}: {times[-1]:.2f} s to the first echo", flush=True)
        print(f"median {statistics.median(times):.2f} s, worst {max(times):.2f} s")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
