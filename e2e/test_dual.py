"""Seed 004, RealTime: a REST port and a WebSocket port, in one process or in two, bound by one JWT_SECRET."""

import re
import time

import jwt
import pytest

from support.client import Api, fresh, has, ok, refused, refused_upgrade, sockets
from support.processes import free_port

PASSWORD = "correct-horse-battery-staple-7"
ULID = re.compile("[0-9A-HJKMNP-TV-Z]{26}")


class Pair:
    """The REST port and the port of the sockets."""

    def __init__(self, rest: Api, gate: Api):
        self.rest, self.gate = rest, gate

    def person(self, word="user"):
        return Person(self, fresh(word).replace("-", "_"))


class Person:
    def __init__(self, pair, name):
        self.name, self._gate = name, pair.gate
        self.id = ok(register(pair.rest, name), 201)["id"]
        self.token = ok(login(pair.rest, name))["token"]

    def connect(self, path="/ws/chat"):
        """A socket after its welcome and its own join."""
        socket = self._gate.socket(f"{path}?token={self.token}")
        has(socket.receive(), type="welcome", user_id=self.id)
        socket.until(type="join", sender_id=self.id)
        return socket


def register(api, name, password=PASSWORD):
    return api.post("/api/v1/users/register", username=name, password=password)


def login(api, name, password=PASSWORD):
    return api.post("/api/v1/users/login", username=name, password=password)


@pytest.fixture(scope="module")
def pair(rest, api):
    return Pair(rest, api)


@pytest.fixture(scope="module")
def ann(pair):
    return pair.person("ann")


@pytest.fixture(scope="module")
def ben(pair):
    return pair.person("ben")


# The REST port

def test_each_port_says_that_it_lives(pair):
    assert (pair.rest.get("/health").status_code, pair.rest.get("/health").text) == (200, "REST API OK")
    assert pair.gate.get("/health").text == "OK"
    assert pair.rest.post("/health").status_code in (404, 405)


def test_register_and_login(pair):
    name = fresh("user")
    made = ok(register(pair.rest, name), 201)
    has(made, username=name)
    assert ULID.fullmatch(made["id"])
    session = ok(login(pair.rest, name))
    has(session, user_id=made["id"], user_name=name)
    claims = jwt.decode(session["token"], options={"verify_signature": False})
    has(claims, user_id=made["id"], user_name=name)
    assert jwt.get_unverified_header(session["token"])["alg"] == "HS256"
    assert claims["exp"] - claims["iat"] == 24 * 3600


def test_registering_works_on_the_main_port_too(pair):
    ok(register(pair.gate, fresh("user")), 201)


def test_wrong_registrations_are_refused(pair, ann):
    refused(register(pair.rest, ann.name), 409, "Username is already taken")
    refused(pair.rest.raw("/api/v1/users/register", "{"), 400, "Invalid request body")
    refused(register(pair.rest, ""), 400)
    refused(register(pair.rest, fresh("user"), ""), 400)


def test_wrong_logins_are_refused(pair, ann):
    refused(login(pair.rest, ann.name, "wrong"), 401, "Invalid username or password")
    refused(login(pair.rest, fresh("none")), 401, "Invalid username or password")
    refused(pair.rest.raw("/api/v1/users/login", "{"), 400)
    assert pair.rest.get("/api/v1/users/login").status_code in (404, 405)


def test_the_rest_port_has_no_sockets(pair, ann):
    assert refused_upgrade(pair.rest, "/ws/chat?token=" + ann.token).status_code in (400, 404)


def test_the_client_page_is_on_both_ports(pair):
    for api in (pair.rest, pair.gate):
        page = api.get("/client")
        assert page.status_code == 200 and page.headers["Content-Type"].startswith("text/html")


# The sockets

@pytest.mark.parametrize("path", ["/ws/chat", "/ws/group/chat", "/ws/notifications"])
def test_welcome_comes_first_and_then_ones_own_join(pair, ann, path):
    with pair.gate.socket(f"{path}?token={ann.token}") as socket:
        has(socket.receive(), type="welcome", user_id=ann.id, user_name=ann.name, message="Welcome!")
        socket.until(type="join", sender_id=ann.id)


@pytest.mark.parametrize("path", ["/ws/chat", "/ws/group/chat", "/ws/notifications"])
def test_sockets_need_a_good_token(pair, path):
    refused(refused_upgrade(pair.gate, path), 401, "Authentication token required.")
    refused(refused_upgrade(pair.gate, path + "?token=rubbish"), 401, "Invalid or expired token.")


@pytest.mark.parametrize("payload", ["hi", {"deep": [1, None, {"er": True}]}, 12345678901234567890, None])
def test_chat_reaches_all_with_its_payload_as_it_is(ann, ben, payload):
    with sockets(ann.connect(), ben.connect("/ws/group/chat")) as (one, other):
        one.send(type="chat", payload=payload)
        for socket in (one, other):
            has(socket.until(type="chat"), sender_id=ann.id, sender_name=ann.name, payload=payload)


def test_an_absent_payload_is_null(ann):
    with ann.connect() as socket:
        socket.send(type="chat")
        has(socket.until(type="chat"), payload=None)


def test_the_server_says_who_sent_it(ann, ben):
    with sockets(ann.connect(), ben.connect()) as (one, other):
        one.send(type="chat", sender_id=ben.id, sender_name=ben.name, payload="x")
        has(other.until(type="chat"), sender_id=ann.id, sender_name=ann.name)


def test_private_reaches_its_target_only(pair, ann, ben):
    with sockets(ann.connect(), ben.connect(), pair.person().connect()) as (one, other, third):
        one.send(type="private", target_id=ben.id, payload="psst", sender_id=ben.id)
        has(other.until(type="private"), sender_id=ann.id, payload="psst")
        one.send(type="private", target_id="01AAAAAAAAAAAAAAAAAAAAAAAA", payload="to nobody")
        one.send(type="private", payload="to nobody")
        assert [frame for frame in one.rest() + third.rest() + other.rest() if frame["type"] == "private"] == []


def test_typing_reaches_the_others(pair, ann, ben):
    with sockets(ann.connect(), ben.connect(), pair.person().connect()) as (one, other, third):
        one.send(type="typing")
        has(other.until(type="typing"), sender_id=ann.id)
        has(third.until(type="typing"), sender_id=ann.id)
        one.send(type="typing", target_id=ben.id)
        has(other.until(type="typing"), sender_id=ann.id)
        assert [frame for frame in one.rest() + third.rest() if frame["type"] == "typing"] == []


def test_joins_and_leaves_are_told(ann, ben):
    with ann.connect() as stays:
        with ben.connect():
            stays.until(type="join", sender_id=ben.id)
        has(stays.until(type="leave", sender_id=ben.id), payload=None)


@pytest.mark.parametrize("kind", ["join", "leave"])
def test_a_join_or_leave_of_a_client_is_passed_on(ann, ben, kind):
    with sockets(ann.connect(), ben.connect()) as (one, other):
        one.send(type=kind, payload="lunch")
        for socket in (one, other):
            has(socket.until(type=kind, payload="lunch"), sender_id=ann.id)


@pytest.mark.parametrize("frame", ["{", "[]", "7", '{"type":"ping"}', '{"type":"unknown"}', '{"payload":1}', b"\xff"])
def test_a_frame_of_no_kind_is_passed_over_and_the_socket_stays(ann, frame):
    with ann.connect() as socket:
        socket.send(frame)
        socket.send(type="chat", payload="after")
        has(socket.receive(), type="chat", payload="after")


def test_notifications_are_a_hub_of_their_own(ann, ben):
    with sockets(ann.connect("/ws/notifications"), ben.connect("/ws/chat")) as (bell, chat):
        chat.send(type="chat", payload="in the chat")
        chat.until(type="chat")
        assert "in the chat" not in str(bell.rest())


def test_two_sockets_of_one_person_both_live(ann, ben):
    with sockets(ben.connect(), ann.connect()) as (other, stays):
        ann.connect().close()
        time.sleep(0.3)
        other.send(type="private", target_id=ann.id, payload="still there?")
        has(stays.until(type="private"), payload="still there?")


# Two processes

SECRET = "your_super_strong_random_secret_key"


@pytest.fixture(scope="module")
def apart(serve, postgres):
    """The README's two servers: the same environment, told apart by their role alone."""
    rest_port, gate_port = free_port(), free_port()
    settings = {"JWT_SECRET": SECRET, "DB_URL": postgres.database("apart"),
                "API_PORT": str(rest_port), "SERVER_PORT": str(gate_port)}
    rest, gate = Api(f"http://127.0.0.1:{rest_port}"), Api(f"http://127.0.0.1:{gate_port}")
    serve("api", settings, "serve", "--role", "api").ready(rest.base)
    serve("gateway", settings, "serve", "--role", "gateway").ready(gate.base)
    return Pair(rest, gate)


def test_apart_a_login_at_one_opens_the_other(apart):
    one, other = apart.person(), apart.person()
    with sockets(one.connect(), other.connect("/ws/group/chat")) as (first, second):
        first.send(type="chat", payload="across")
        has(second.until(type="chat"), sender_id=one.id, payload="across")
        second.send(type="private", target_id=one.id, payload="back")
        has(first.until(type="private"), sender_id=other.id, payload="back")


def test_apart_each_process_does_its_own_part(apart):
    assert apart.rest.get("/health").text == "REST API OK"
    assert apart.gate.get("/health").text in ("OK", "WS Server OK")
    token = apart.person().token
    assert refused_upgrade(apart.rest, "/ws/chat?token=" + token).status_code in (400, 404)
    refused(refused_upgrade(apart.gate, "/ws/chat?token=rubbish"), 401, "Invalid or expired token.")


def test_apart_a_token_that_another_program_signed_with_the_secret_is_good(apart):
    person = apart.person()
    now = int(time.time())
    token = jwt.encode({"user_id": person.id, "user_name": person.name, "iat": now, "exp": now + 600}, SECRET, "HS256")
    with apart.gate.socket("/ws/chat?token=" + token) as socket:
        has(socket.receive(), type="welcome")


def test_apart_another_secret_refuses(apart, serve, postgres):
    port = free_port()
    serve("stranger", {"JWT_SECRET": "another" + SECRET, "SERVER_PORT": str(port), "API_PORT": "off",
                       "DB_URL": f"host=127.0.0.1 port={postgres.port} user=postgres dbname=apart sslmode=disable"},
          "serve", "--role", "gateway").ready(f"http://127.0.0.1:{port}")
    stranger = Api(f"http://127.0.0.1:{port}")
    refused(refused_upgrade(stranger, "/ws/chat?token=" + apart.person().token), 401, "Invalid or expired token.")
