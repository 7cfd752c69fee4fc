"""The processes that a check starts: Parley, PostgreSQL, Redis. Whatever is started here is ended here."""

import glob
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import requests

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(probe, within=20.0, every=0.1):
    """The first true answer of the probe; a probe that cannot connect has answered no."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            if answer := probe():
                return answer
        except (OSError, subprocess.CalledProcessError):
            pass
        time.sleep(every)
    raise AssertionError(f"not within {within} s: {probe.__doc__ or probe}")


class Process:
    """A child whose id lies in the folder that `run` clears, so that not even Ctrl-C leaves one behind."""

    def __init__(self, argv, log: Path, **options):
        with open(log, "ab") as out:
            self.child = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True, **options)
        self.log = log
        self._note = Path(os.environ["E2E_PIDS"], str(self.child.pid))
        self._note.touch()

    def running(self):
        return self.child.poll() is None

    def send(self, number):
        self.child.send_signal(number)

    def stop(self, number=signal.SIGTERM, within=20):
        if self.running():
            self.send(number)
            try:
                self.child.wait(within)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
        self._note.unlink(missing_ok=True)
        return self.child.returncode


class Parley:
    """A server with exactly the settings given: nothing of this shell's environment reaches it."""

    def __init__(self, folder: Path, settings: dict, *arguments, dotenv: str = ""):
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        if dotenv:
            (folder / ".env").write_text(dotenv)
        self.process = Process(
            [str(ROOT / "parley"), *arguments], folder / "log", cwd=folder,
            env={key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ} | settings)

    def ready(self, url: str, within=30):
        def answers():
            """the server answers 200 on /healthz"""
            assert self.process.running(), "the server ended: " + self.process.log.read_text()[-800:]
            return requests.get(url + "/healthz", timeout=2).status_code == 200
        eventually(answers, within)
        return self

    def stop(self):
        return self.process.stop()


class Postgres:
    """A PostgreSQL of the distribution on a free port, with no password asked on loopback."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder, free_port()
        folder.mkdir(mode=0o755, parents=True)
        self._as = {}
        if os.geteuid() == 0:
            self._as = {"user": "nobody", "group": "nogroup", "extra_groups": []}
            shutil.chown(folder, "nobody", "nogroup")
        self._run("initdb", "-D", "data", "-U", "postgres", "-A", "trust", "-N", "--no-instructions")
        self.start()

    def _run(self, tool, *arguments):
        return subprocess.run([postgres_tool(tool), *arguments], cwd=self.folder, check=True,
                              capture_output=True, text=True, **self._as).stdout

    def start(self):
        self.process = Process(
            [postgres_tool("postgres"), "-D", "data", "-p", str(self.port), "-k", "",
             "-c", "max_connections=200"],
            self.folder.parent / "postgres.log", cwd=self.folder, **self._as)

        def accepts():
            """PostgreSQL accepts connections"""
            return self.sql("select 1")
        eventually(accepts)

    def sql(self, statement, database="postgres"):
        return self._run("psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database,
                         "-XAtc", statement)

    def database(self, name, owner="postgres", password=None, rights="superuser"):
        """A new empty database and its owner, as an operator would prepare them for the README's address."""
        if owner != "postgres":
            self.sql(f"create role \"{owner}\" login {rights} password '{password}'")
        self.sql(f'create database {name} owner "{owner}"')
        return f"postgres://{owner}:{password or 'none'}@127.0.0.1:{self.port}/{name}?sslmode=disable"

    def children(self):
        return [int(pid) for pid in re.findall(r"^(\d+)$", self._ps(), re.M)]

    def _ps(self):
        return subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.child.pid)],
                              capture_output=True, text=True).stdout.replace(" ", "")

    def freeze(self):
        """Everything of it stands still with its connections open: the outage that no socket reports."""
        self._signal(signal.SIGSTOP)

    def thaw(self):
        self._signal(signal.SIGCONT)

    def _signal(self, number):
        for pid in [self.process.child.pid, *self.children()]:
            os.kill(pid, number)

    def stop(self):
        if self.process.running():
            self.thaw()
            self.process.stop(signal.SIGINT)


class Redis:
    def __init__(self, folder: Path):
        self.port = free_port()
        folder.mkdir(parents=True)
        self.process = Process(
            ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no"],
            folder / "log", cwd=folder)

        def answers():
            """Redis answers"""
            return self.ask("ping") == ["PONG"]
        eventually(answers)

    def ask(self, *command):
        return subprocess.run(["redis-cli", "-p", str(self.port), *command], check=True, capture_output=True,
                              text=True).stdout.split()

    def stop(self):
        self.process.stop()


def postgres_tool(name):
    """On the path, or where Debian keeps it off the path."""
    return shutil.which(name) or max(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), default=name)
