"""Seed 003, GoChat: accounts, rooms, history, search, files, and one socket per room."""

import re
import time
import uuid
from datetime import datetime

import jwt
import pytest

from support.client import fresh, has, ok, refused, refused_upgrade, sockets
from support.processes import eventually
from support.readme import block, section

PASSWORD = "correct-horse-battery-staple-7"


class Person:
    """An account and what it does."""

    def __init__(self, api, name=None):
        self.name = name or fresh("user").replace("-", "_")
        self.email = f"{self.name}@example.org"
        self.api = api.as_(ok(signup(api, self.name, self.email), 201)["token"])
        self.id = jwt.decode(self.api.token, options={"verify_signature": False})["user_id"]

    def room(self, kind="public", name="Room"):
        return ok(self.api.post("/rooms", name=name, type=kind, topic="everything"), 201)["id"]

    def enter(self, room):
        """A socket in this room, after its own join notice."""
        socket = self.api.socket(f"/ws?token={self.api.token}&room_id={room}")
        socket.until(type="join", user_id=self.id)
        return socket

    def say(self, room, *contents):
        """Says it in the room and gives the ids of the messages."""
        with self.enter(room) as socket:
            for content in contents:
                socket.send(type="message", room_id=room, content=content)
            return [socket.until(type="message", content=content)["id"] for content in contents]


def signup(api, name, email, password=PASSWORD):
    return api.post("/auth/signup", username=name, email=email, password=password)


@pytest.fixture(scope="module")
def ann(api):
    return Person(api)


@pytest.fixture(scope="module")
def ben(api):
    return Person(api)


@pytest.fixture
def room(ann):
    return ann.room()


# Accounts

def test_signup_and_login(api):
    name = fresh("user").replace("-", "_")
    first = ok(signup(api, name, f"{name}@example.org"), 201)
    has(first, message="User created successfully")
    for who in ({"username": name}, {"email": f"{name}@example.org"}):
        again = ok(api.post("/auth/login", password=PASSWORD, **who))
        has(again, message="Logged in successfully")
        assert ok(api.as_(again["token"]).get("/rooms")) == []


def test_the_token_says_who_one_is(ann):
    claims = jwt.decode(ann.api.token, options={"verify_signature": False})
    has(claims, username=ann.name, iss="gochat")
    assert str(uuid.UUID(claims["user_id"])) == claims["user_id"]
    assert claims["exp"] - claims["iat"] == 24 * 3600


def test_nobody_signs_up_twice(api, ann):
    refused(signup(api, ann.name, fresh("x") + "@example.org"), 409)
    refused(signup(api, fresh("user"), ann.email), 409)


@pytest.mark.parametrize("missing", ["username", "email", "password"])
def test_signup_needs(api, missing):
    body = {"username": fresh("u"), "email": fresh("e") + "@example.org", "password": PASSWORD, missing: ""}
    refused(api.post("/auth/signup", **body), 400, "Username, email, and password are required")


def test_wrong_logins_are_refused(api, ann):
    refused(api.raw("/auth/signup", "{"), 400, "Invalid request body")
    refused(api.raw("/auth/login", "{"), 400, "Invalid request body")
    refused(api.post("/auth/login", username=ann.name, password="wrong"), 401, "Invalid credentials")
    refused(api.post("/auth/login", username=fresh("none"), password=PASSWORD), 401, "Invalid credentials")
    assert api.get("/auth/signup").status_code in (404, 405)


def test_rooms_need_a_token(api):
    for path in ("/rooms", f"/rooms/{uuid.uuid4()}", f"/rooms/{uuid.uuid4()}/messages"):
        refused(api.get(path), 401, "Authorization token required")
        assert refused(api.as_("rubbish").get(path), 401)["error"].startswith("Invalid token")


# Rooms

@pytest.mark.parametrize("kind", ["public", "private", "group"])
def test_a_room_is_created_and_read(ann, kind):
    made = ok(ann.api.post("/rooms", name="Salon", type=kind, topic="Tea"), 201)
    has(made, name="Salon", type=kind, creator_id=ann.id, is_archived=False)
    assert str(uuid.UUID(made["id"])) == made["id"]
    assert abs(datetime.fromisoformat(made["created_at"]).timestamp() - time.time()) < 30
    has(ok(ann.api.get("/rooms/" + made["id"])), id=made["id"], name="Salon", type=kind)
    assert ok(ann.api.get("/rooms"))[0]["id"] == made["id"], "newest first"


def test_the_header_of_old_clients_is_harmless(ann, ben, room):
    answer = ann.api.call("GET", "/rooms/" + room, headers={"X-User-ID": ben.id})
    has(ok(answer), creator_id=ann.id)


def test_rooms_list_only_ones_own(api, room):
    assert ok(Person(api).api.get("/rooms")) == []


def test_wrong_rooms_are_refused(ann):
    refused(ann.api.post("/rooms", name="x", type="castle"), 400, "Invalid room type")
    refused(ann.api.raw("/rooms", "{"), 400, "Invalid request body")
    refused(ann.api.get("/rooms/not-a-uuid"), 400, "Invalid room ID")
    refused(ann.api.get(f"/rooms/{uuid.uuid4()}"), 404, "Room not found")


@pytest.mark.parametrize("kind", ["private", "group"])
def test_a_closed_room_is_for_its_members(ann, ben, kind):
    room = ann.room(kind)
    ann.say(room, "secret")
    for path in ("", "/messages", "/search?q=secret"):
        refused(ben.api.get(f"/rooms/{room}{path}"), 403, "Not a member of this room")
    refused(refused_upgrade(ben.api, f"/ws?token={ben.api.token}&room_id={room}"), 403, "Not a member of this room")
    has(ok(ann.api.post(f"/rooms/{room}/members", user_id=ben.id, role="member"), 201), status="success")
    assert [message["content"] for message in ok(ben.api.get(f"/rooms/{room}/messages"))] == ["secret"]
    ben.enter(room).close()
    assert ann.api.delete(f"/rooms/{room}/members/{ben.id}").status_code in (200, 204)
    refused(ben.api.get("/rooms/" + room), 403, "Not a member of this room")


def test_a_removed_member_hears_nothing_more(ann, ben):
    room = ann.room("private")
    ok(ann.api.post(f"/rooms/{room}/members", user_id=ben.id, role="member"), 201)
    with ben.enter(room) as socket:
        ann.api.delete(f"/rooms/{room}/members/{ben.id}")
        time.sleep(0.5)
        ann.say(room, "behind his back")
        assert "behind his back" not in str(heard(socket))


def heard(socket):
    try:
        return socket.rest()
    except Exception as closed:
        return str(closed)


def test_a_member_makes_no_admins(api, ann, ben):
    room = ann.room("private")
    ok(ann.api.post(f"/rooms/{room}/members", user_id=ben.id, role="member"), 201)
    for anybody in (Person(api).id, ben.id):
        refused(ben.api.post(f"/rooms/{room}/members", user_id=anybody, role="admin"), 403)
    refused(ben.api.delete(f"/rooms/{room}/members/{ann.id}"), 403)
    refused(ann.api.post(f"/rooms/{room}/members", user_id=str(uuid.uuid4()), role="member"), 404)
    assert ann.api.post(f"/rooms/{room}/members", user_id="no-uuid", role="member").status_code in (400, 404)


def test_an_invitation_lets_one_person_in(api, ann, ben):
    room = ann.room("private")
    code = ok(ann.api.post(f"/rooms/{room}/invites", uses=1), 201)["code"]
    ok(ben.api.post("/rooms/join", code=code))
    has(ok(ben.api.get("/rooms/" + room)), id=room)
    late = Person(api)
    assert late.api.post("/rooms/join", code=code).status_code in (403, 404, 409, 410)
    assert late.api.post("/rooms/join", code="made-up").status_code in (403, 404)
    refused(late.api.get("/rooms/" + room), 403, "Not a member of this room")


def test_members_are_online_while_connected_and_last_seen_afterwards(ann, room):
    def member():
        return next(m for m in ok(ann.api.get(f"/rooms/{room}/members")) if m["user_id"] == ann.id)
    ann.say(room, "x")
    with ann.enter(room):
        eventually(lambda: member()["status"] == "online", within=5)
    eventually(lambda: member()["status"] == "offline", within=5)
    user = ok(ann.api.get(f"/rooms/{room}/messages"))[0]["user"]
    assert abs(datetime.fromisoformat(user["last_seen"]).timestamp() - time.time()) < 30


def test_a_public_room_is_joined_by_looking(ben, room):
    ok(ben.api.get("/rooms/" + room))
    assert room in [mine["id"] for mine in ok(ben.api.get("/rooms"))]


# History and search

@pytest.fixture(scope="module")
def told(ann):
    """A room in which seven messages were said, and their ids."""
    room = ann.room()
    return room, ann.say(room, *(f"m{number}" for number in range(7)))


def test_history_is_newest_first(ann, told):
    room, ids = told
    messages = ok(ann.api.get(f"/rooms/{room}/messages"))
    assert [message["content"] for message in messages] == [f"m{n}" for n in reversed(range(7))]
    has(messages[0], id=ids[-1], room_id=room, type="text")
    has(messages[0]["user"], id=ann.id, username=ann.name)
    assert all(isinstance(message["id"], int) for message in messages)


def test_history_is_read_in_pages(ann, told):
    room, ids = told
    seen, query = [], {"limit": 3}
    while page := ok(ann.api.get(f"/rooms/{room}/messages", **query)):
        assert len(page) <= 3
        seen += [message["id"] for message in page]
        query["before"] = seen[-1]
    assert seen == ids[::-1]


@pytest.fixture(scope="module")
def search(ann):
    """Searches a room with three messages; the index may need a moment to hear of them."""
    room = ann.room()
    ann.say(room, "The servers are running", "We deploy on Friday", "Lunch")

    def found(words, **query):
        return [hit["content"] for hit in ok(ann.api.get(f"/rooms/{room}/search", q=words, **query))]

    eventually(lambda: found("lunch") and found("friday") and found("servers"), within=5)
    found.room = room
    return found


@pytest.mark.parametrize("words, hit", [
    ("running", "The servers are running"), ("run", "The servers are running"), ("server", "The servers are running"),
    ("DEPLOYS", "We deploy on Friday"), ("friday deploy", "We deploy on Friday")])
def test_search_finds_other_forms_of_a_word(search, words, hit):
    assert search(words) == [hit]


# The original left out words such as "the"; here every word of a message finds it.
@pytest.mark.parametrize("words", ["runn", "nothing"])
def test_search_finds_whole_words(search, words):
    assert search(words) == []


def test_search_is_narrowed(ann, search):
    assert search("lunch", sender_id=ann.id) == ["Lunch"]
    assert search("lunch", sender_id=str(uuid.uuid4())) == []
    assert search("lunch", before_time="2000-01-01T00:00:00Z") == []
    assert search("lunch", after_time="2000-01-01T00:00:00Z") == ["Lunch"]


def test_search_says_what_it_found(ann, search):
    hit, = ok(ann.api.get(f"/rooms/{search.room}/search", q="lunch"))
    has(hit, room_id=search.room, user_id=ann.id, content="Lunch", message_type="text")
    assert isinstance(hit["id"], int) and hit["created_at"]
    refused(ann.api.get(f"/rooms/{search.room}/search"), 400, "Missing search query")


# Edit, delete, react

def test_a_message_is_edited_by_its_author(ann, ben, room):
    said, = ann.say(room, "teh")
    path = f"/rooms/{room}/messages/{said}"
    ok(ben.api.get("/rooms/" + room))
    refused(ben.api.put(path, content="mine now"), 403)
    assert ann.api.put(path, content="the").status_code in (200, 204)
    assert [message["content"] for message in ok(ben.api.get(f"/rooms/{room}/messages"))] == ["the"]


def test_a_message_is_deleted_by_its_author(ann, ben, room):
    kept, gone = ann.say(room, "kept", "gone")
    ok(ben.api.get("/rooms/" + room))
    refused(ben.api.delete(f"/rooms/{room}/messages/{gone}"), 403)
    assert ann.api.delete(f"/rooms/{room}/messages/{gone}").status_code in (200, 204)
    assert [message["id"] for message in ok(ann.api.get(f"/rooms/{room}/messages"))] == [kept]
    assert ok(ann.api.get(f"/rooms/{room}/search", q="gone")) == []


def test_reactions_come_and_go(ann, ben, room):
    said, = ann.say(room, "party?")
    path = f"/rooms/{room}/messages/{said}/reactions"
    ok(ben.api.get("/rooms/" + room))
    assert ben.api.post(path, emoji="🎉").status_code in (200, 201, 204)
    assert "🎉" in ann.api.get(path).text
    assert ben.api.delete(path + "/🎉").status_code in (200, 204)
    assert ok(ann.api.get(path)) == []


# The socket

def test_readme_message_frame(ann, ben, room):
    like = block("003", "message_id")
    assert '"type": "message|typing|read|join|leave"' in like
    with sockets(ann.enter(room), ben.enter(room)) as (one, other):
        one.send(type="message", room_id=room, content="message content", user_id=ben.id)
        for socket in (one, other):
            frame = socket.until(type="message")
            has(frame, user_id=ann.id, room_id=room, content="message content")
            assert frame["id"] == frame["message_id"] and isinstance(frame["id"], int)
            assert abs(datetime.fromisoformat(frame["timestamp"]).timestamp() - time.time()) < 30


def test_join_and_leave_are_told(ann, ben, room):
    with ann.enter(room) as stays:
        with ben.enter(room):
            has(stays.until(type="join", user_id=ben.id), room_id=room)
        has(stays.until(type="leave", user_id=ben.id), room_id=room)


@pytest.mark.parametrize("kind", ["typing", "typing_start"])
def test_typing_is_told_to_the_others(ann, ben, room, kind):
    with sockets(ann.enter(room), ben.enter(room)) as (one, other):
        one.until(type="join", user_id=ben.id)
        one.send(type=kind, room_id=room)
        has(other.until(type="typing"), user_id=ann.id, room_id=room)
        assert one.rest() == []


def test_reading_is_told_to_the_others(ann, ben, room):
    with sockets(ann.enter(room), ben.enter(room)) as (one, other):
        one.send(type="message", room_id=room, content="read me")
        said = other.until(type="message")["id"]
        other.send(type="read", room_id=room, message_id=said)
        frame = one.until(type="read")
        has(frame, user_id=ben.id, room_id=room, message_id=said)
        assert frame["timestamp"]
        assert [frame["type"] for frame in other.rest() if frame["type"] == "read"] == []


def test_join_and_leave_of_a_second_room_on_one_socket(ann, ben, room):
    second = ann.room(name="second")
    with sockets(ben.enter(room), ann.enter(second)) as (socket, other):
        socket.send(type="join", room_id=second)
        other.until(type="join", user_id=ben.id)
        other.send(type="message", room_id=second, content="hello in both")
        has(socket.until(type="message"), room_id=second, content="hello in both")
        socket.send(type="leave", room_id=second)
        other.until(type="leave", user_id=ben.id)
        other.send(type="message", room_id=second, content="gone")
        assert [frame["type"] for frame in socket.rest() if frame["type"] == "message"] == []


def test_a_closed_room_is_not_joined_by_a_frame(ann, ben, room):
    closed = ann.room("private")
    with sockets(ben.enter(room), ann.enter(closed)) as (socket, inside):
        socket.send(type="join", room_id=closed)
        socket.send(type="message", room_id=closed, content="let me in")
        inside.send(type="message", room_id=closed, content="secret")
        inside.until(type="message", content="secret")
        assert "secret" not in str(socket.rest()) and "let me in" not in str(inside.rest())


@pytest.mark.parametrize("frame", ["{", "[]", "7", '{"type":"unknown"}', '{"type":"message","content":7}', b"\xff"])
def test_a_bad_frame_is_passed_over_and_the_socket_stays(ann, room, frame):
    with ann.enter(room) as socket:
        socket.send(frame)
        socket.send(type="message", room_id=room, content="after")
        has(socket.receive(), type="message", content="after")


def test_upgrades_are_refused_as_ever(api, ann, room):
    token = ann.api.token
    refused(refused_upgrade(api, f"/ws?room_id={room}"), 401, "Missing token")
    assert refused(refused_upgrade(api, f"/ws?token=rubbish&room_id={room}"), 401)["error"].startswith("Invalid token")
    refused(refused_upgrade(api, f"/ws?token={token}"), 400, "Missing room_id")
    refused(refused_upgrade(api, f"/ws?token={token}&room_id=x"), 400, "Invalid room_id")


# Files

def test_a_file_comes_back_as_it_went(ann):
    body = bytes(range(256)) * 400
    sent = ann.api.call("POST", "/files/upload", files={"file": ("photo.png", body, "image/png")})
    assert sent.status_code in (200, 201), sent.text
    assert {"message", "fileKey", "fileURL"} <= sent.json().keys()
    path = re.sub(r"^https?://[^/]+", "", sent.json()["fileURL"])
    got = ann.api.get(path)
    assert (got.status_code, got.content) == (200, body)


def test_a_file_travels_with_a_message(ann, room):
    sent = ann.api.call("POST", "/files/upload", files={"file": ("note.txt", b"hello", "text/plain")}).json()
    with ann.enter(room) as socket:
        socket.send(type="message", room_id=room, content="see this", message_type="file", file_url=sent["fileURL"])
        has(socket.until(type="message"), message_type="file", file_url=sent["fileURL"])


def test_uploads_need_a_token_and_a_file(api, ann):
    refused(api.call("POST", "/files/upload", files={"file": ("x", b"x")}), 401)
    refused(ann.api.call("POST", "/files/upload"), 400)


def test_a_file_above_the_limit_is_refused(strict):
    person = Person(strict)
    refused(person.api.call("POST", "/files/upload", files={"file": ("x", b"x" * 4096)}), 413)


# Operation

def test_a_caller_that_asks_too_much_is_told_when_to_come_back(strict):
    person = Person(strict)
    answers = [person.api.get("/rooms") for _ in range(40)]
    refusal = next(answer for answer in answers if answer.status_code != 200)
    refused(refusal, 429, "Too many requests")
    time.sleep(int(refusal.headers["Retry-After"]))
    ok(person.api.get("/rooms"))


def test_readme_metrics(api):
    names = re.findall(r"`(\w+)`", section("003", "## Monitoring"))
    assert len(names) == 4
    text = api.get("/metrics").text
    for name in names:
        assert re.search(rf"^{name}(_bucket|_count|_sum|_max)?[{{ ]", text, re.M), name


def test_healthz(api, rest):
    for each in (api, rest):
        assert each.get("/healthz").status_code == 200
