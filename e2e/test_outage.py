"""PostgreSQL goes away and comes back: health says so, nothing is called a success that is none, and it mends itself."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

import test_dual
import test_gochat
from support.client import Api, fresh, has, ok
from support.processes import Postgres, eventually, free_port
from test_workspace import contents, group_path, join, new_team

HEALTH = [("api", "/healthz"), ("api", "/health"), ("api", "/api/v1/health"), ("rest", "/healthz"), ("rest", "/health")]
OUTAGES = {"frozen": (Postgres.freeze, Postgres.thaw), "stopped": (Postgres.stop, Postgres.start)}


class Place:
    """A server on a PostgreSQL of its own, and people of all families on it."""

    def __init__(self, work, serve):
        self.postgres = Postgres(work / "outage")
        main, second = free_port(), free_port()
        self.api, self.rest = Api(f"http://127.0.0.1:{main}"), Api(f"http://127.0.0.1:{second}")
        serve("outage-server", {"PORT": str(main), "API_PORT": str(second),
                                "DATABASE_URL": self.postgres.database("outage")}).ready(self.api.base)
        self.team = new_team(self.api)
        self.person = test_gochat.Person(self.api)
        self.room = self.person.room()
        self.dual = test_dual.Pair(self.rest, self.api).person()

    def health(self):
        return {(port, path): status(getattr(self, port).get, path) for port, path in HEALTH}

    def well(self):
        return set(self.health().values()) == {200}

    def writes(self):
        """Writes of every family over REST; each can only succeed with a database."""
        api, name = self.api, fresh("n").replace("-", "_")
        return {
            "organization": lambda: api.post("/api/v1/orgs", id=name, name="x"),
            "group": lambda: api.post(f"/api/v1/orgs/{self.team[0]}/groups", id=name, name="x"),
            "broadcast": lambda: api.post(group_path(self.team) + "/broadcast", content="in the outage"),
            "direct message": lambda: api.post("/api/v1/dm/a/b", content="in the outage"),
            "directory user": lambda: api.post("/api/v1/users", username=name, email=name, org_id="x"),
            "message": lambda: api.post("/api/send_message", receiver_id="2", content="in the outage"),
            "signup": lambda: test_gochat.signup(api, name, name + "@example.org"),
            "room": lambda: self.person.api.post("/rooms", name="x", type="public"),
            "register": lambda: test_dual.register(self.rest, "dual_" + name),
            "login": lambda: test_dual.login(self.rest, self.dual.name),
        }


def status(call, *arguments):
    """The status of the answer, or 0 if none came in time."""
    try:
        return call(*arguments).status_code
    except requests.RequestException:
        return 0


@pytest.fixture(scope="module")
def place(work, serve):
    place = Place(work, serve)
    yield place
    place.postgres.stop()


@pytest.fixture(scope="module", params=OUTAGES)
def outage(place, request):
    """What was seen while PostgreSQL was away and after it came back."""
    break_, mend = OUTAGES[request.param]
    api, seen = place.api, {}
    with join(api, place.team, "a") as group, api.socket("/ws?user_id=a") as messaging, place.person.enter(place.room) as room:
        break_(place.postgres)
        try:
            eventually(lambda: set(place.health().values()) == {503}, within=15)
        except AssertionError:
            pass
        seen["health"] = place.health()
        group.send(content=f"in the outage {request.param}")
        messaging.send(receiver_id="b", content="in the outage")
        room.send(type="message", room_id=place.room, content="in the outage")
        with ThreadPoolExecutor(16) as pool:
            asked = {name: pool.submit(status, write) for name, write in place.writes().items()}
            seen["writes"] = {name: answer.result() for name, answer in asked.items()}
        seen["echoes"] = [frame for socket in (group, messaging, room) for frame in heard(socket)]
        mend(place.postgres)
    eventually(place.well, within=30)
    return seen


def heard(socket):
    try:
        return socket.rest()
    except Exception:  # closed, which is an honest answer
        return []


def test_every_health_answer_is_503(outage):
    assert outage["health"] == dict.fromkeys(HEALTH, 503)


def test_no_write_is_called_a_success(outage):
    assert {name: answer for name, answer in outage["writes"].items() if answer < 500} == {}


def test_no_message_is_echoed_or_called_delivered(outage):
    assert outage["echoes"] == []


def test_afterwards_all_works_again_by_itself(outage, place):
    answers = {name: status(write) for name, write in place.writes().items()}
    assert answers.pop("direct message") == 404, "the recipient is not connected"
    assert {name: answer for name, answer in answers.items() if answer not in (200, 201)} == {}
    word = fresh("after")
    with join(place.api, place.team, "a") as group:
        group.send(content=word)
        has(group.until(content=word), client_id="a")
    assert word in contents(ok(place.api.get(group_path(place.team) + "/messages")))
    place.person.say(place.room, word)


def test_the_old_text_of_the_health_answer_is_kept(place):
    place.postgres.freeze()
    try:
        eventually(lambda: place.api.get("/api/v1/health").status_code == 503)
        assert "PostgreSQL unhealthy" in place.api.get("/api/v1/health").text
    finally:
        place.postgres.thaw()
    eventually(place.well)
