import os
import signal
import sys
from pathlib import Path

import pytest

pytest.register_assert_rewrite("support.client")

from support.client import Api  # noqa: E402
from support.idle import IdleSockets  # noqa: E402
from support.processes import Parley, Postgres, Redis, free_port  # noqa: E402

# A run that is ended from outside ends its servers like one that comes to its end. SIGINT needs it too: a shell starts
# its background jobs with SIGINT ignored, and so would be every server below.
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, signal.default_int_handler)


@pytest.fixture(scope="session")
def api():
    """The default server, on its main port."""
    return Api(os.environ["E2E_URL"])


@pytest.fixture(scope="session")
def rest():
    """The default server, on its second port."""
    return Api(os.environ["E2E_API_URL"])


@pytest.fixture(scope="session", autouse=True)
def idle(api):
    """Sockets that are opened first and looked at last: they need their minute, and nobody waits for it."""
    sockets = IdleSockets(api)
    yield sockets
    sockets.close()


@pytest.fixture(scope="session")
def work():
    return Path(os.environ["E2E_WORK"])


@pytest.fixture(scope="session")
def postgres(work):
    """A PostgreSQL of our own, apart from the one in the default server's data folder."""
    server = Postgres(work / "postgres")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def redis(work):
    server = Redis(work / "redis")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def serve(work, request):
    """Starts further servers, each in a folder of its own; they end with the module."""
    started = []

    def start(name, settings, *arguments, dotenv=""):
        parley = Parley(work / name, settings, *arguments, dotenv=dotenv)
        started.append(parley)
        return parley

    yield start
    for parley in started:
        parley.stop()


@pytest.fixture(scope="module")
def strict(serve, postgres):
    """A server with limits low enough to reach them."""
    port = free_port()
    serve("strict", {
        "PORT": str(port), "API_PORT": "off", "DATABASE_URL": postgres.database("strict"),
        "RATE_REQUESTS": "5/s:20", "MAX_FILE_BYTES": "1KiB",
    }).ready(f"http://127.0.0.1:{port}")
    return Api(f"http://127.0.0.1:{port}")


class Lines:
    """One line a check, and below a failed one where and why."""

    def pytest_runtest_logreport(self, report):
        if report.when == "call" and report.passed:
            self._line("ok  ", report)
        elif report.failed:
            self._line("FAIL", report)

    def pytest_collectreport(self, report):
        if report.failed:
            self._line("FAIL", report)

    def _line(self, word, report):
        module, _, check = report.nodeid.partition("::")
        suite = Path(module).stem.removeprefix("test_")
        print(word, f"{suite}: {check.removeprefix('test_').replace('_', ' ') or 'loads'}", flush=True)
        if report.failed:
            print("       " + self._why(report).replace("\n", "\n       "), flush=True)

    @staticmethod
    def _why(report):
        """The line of the check itself, and what was wrong there."""
        if not hasattr(report.longrepr, "reprcrash"):
            return str(report.longrepr)
        places = [entry.reprfileloc for entry in report.longrepr.reprtraceback.reprentries]
        place = next((p for p in places if Path(p.path).name.startswith("test_")), places[0])
        return f"{Path(place.path).name}:{place.lineno}: {report.longrepr.reprcrash.message[:1500]}"


def pytest_configure(config):
    config.pluginmanager.register(Lines())
    sys.stdout.reconfigure(line_buffering=True)
