"""All five families at once on one server: each hears only its own, and no open name leads to an account."""

import time
from contextlib import ExitStack

import pytest

import test_dual
import test_gochat
from support.client import fresh, has, ok, refused
from test_workspace import group_path, join, new_team


class Everybody:
    """Two clients of each family on one server, with names as alike as the families allow."""

    def __init__(self, api, rest, opened: ExitStack):
        self.api = api
        self.team = new_team(api)
        pair = test_dual.Pair(rest, api)
        self.chatters = [test_gochat.Person(api, fresh("alice").replace("-", "_")) for _ in range(2)]
        self.duals = [pair.person("alice") for _ in range(2)]
        self.room = self.chatters[0].room()
        self.names = [fresh("alice"), fresh("alice")]
        one, other = self.names
        self.sockets = {family: [opened.enter_context(socket) for socket in two] for family, two in {
            "group": [join(api, self.team, name) for name in self.names],
            "direct": [api.socket(f"/ws/dm?clientId={name}") for name in self.names],
            "messaging": [api.socket(f"/ws?user_id={name}") for name in self.names],
            "gochat": [person.enter(self.room) for person in self.chatters],
            "dual": [person.connect() for person in self.duals],
            "notifications": [person.connect("/ws/notifications") for person in self.duals],
        }.items()}
        self.hear()

    def send(self, mark):
        """Everybody's first client says something to the second; the mark and the family are in the words."""
        other = self.names[1]
        for family, frame in {
            "group": {"content": f"{mark} group"},
            "direct": {"content": f"{mark} direct", "recipient_id": other},
            "messaging": {"content": f"{mark} messaging", "receiver_id": other},
            "gochat": {"content": f"{mark} gochat", "type": "message", "room_id": self.room},
            "dual": {"payload": f"{mark} dual", "type": "chat"},
            "notifications": {"payload": f"{mark} notifications", "type": "chat"},
        }.items():
            self.sockets[family][0].send(frame)

    def hear(self):
        """All that has come since the last time, by family and client."""
        time.sleep(0.5)
        return {family: [socket.rest(0.02) for socket in two] for family, two in self.sockets.items()}


@pytest.fixture(scope="module")
def everybody(api, rest):
    with ExitStack() as opened:
        yield Everybody(api, rest, opened)


def test_every_family_hears_its_own_words_and_no_others(everybody):
    for round_ in range(3):
        everybody.send(f"round {round_}")
    for family, (_, second) in everybody.hear().items():
        said = [frame.get("content") or frame.get("payload") for frame in second]
        assert said == [f"round {round_} {family}" for round_ in range(3)]


def test_broadcasts_and_posts_stay_in_their_family(everybody):
    api, (one, other) = everybody.api, everybody.names
    ok(api.post(group_path(everybody.team) + "/broadcast", content="group"))
    ok(api.post(f"/api/v1/dm/{one}/{other}", content="direct"))
    ok(api.post("/api/send_message", sender_id=one, receiver_id=other, content="messaging"))
    heard = {family: [frame.get("content") for frame in second] for family, (_, second) in everybody.hear().items()}
    assert heard == {"group": ["group"], "direct": ["direct"], "messaging": ["messaging"],
                     "gochat": [], "dual": [], "notifications": []}


def accounts(everybody):
    """Every way to name an account: as GoChat writes its id, as the dual server does, and by its user name."""
    return [name for person in (everybody.chatters[1], everybody.duals[1]) for name in (person.id, person.name)]


def test_an_open_name_reaches_no_account(everybody):
    api = everybody.api
    with api.socket("/ws?user_id=mallory") as messaging, api.socket("/ws/dm?clientId=mallory") as direct:
        for name in accounts(everybody):
            messaging.send(receiver_id=name, content="psst")
            direct.send(recipient_id=name, content="psst")
            refused(api.post(f"/api/v1/dm/mallory/{name}", content="psst"), 404, "Recipient not connected")
            has(ok(api.post("/api/send_message", sender_id="mallory", receiver_id=name, content="psst")), status="sent")
    assert "psst" not in str(everybody.hear())


def test_an_open_client_that_takes_an_accounts_name_gets_nothing_of_it(everybody):
    api, person = everybody.api, everybody.duals[0]
    for name in accounts(everybody):
        with api.socket(f"/ws?user_id={name}") as messaging, api.socket(f"/ws/dm?clientId={name}") as direct:
            everybody.sockets["dual"][0].send(type="private", target_id=name, payload="secret")
            with api.socket(f"/ws?token={person.token}") as with_token:
                with_token.send(receiver_id=name, content="secret")
                with_token.rest()
            assert messaging.rest(0.1) == direct.rest(0.1) == []
        assert ok(api.get("/api/messages", **{"user_id": name, "with": person.id})) == []
        assert ok(api.get("/api/messages", **{"user_id": person.id, "with": name})) == []
    everybody.hear()


def test_accounts_are_no_directory_users(everybody):
    api = everybody.api
    for name in accounts(everybody):
        path = "/api/v1/users/" + name
        refused(api.get(path), 404, "user not found")
        refused(api.put(path, full_name="x"), 404, "user not found")
        refused(api.delete(path), 404, "user not found")
        refused(api.post(path + "/tasks", title="x"), 404)
        refused(api.get("/api/v1/users/search", username=name), 404)
    everybody.duals[1].connect().close()
    everybody.chatters[1].enter(everybody.room).close()
    everybody.hear()


def test_a_directory_user_is_no_account(everybody):
    name = fresh("directory")
    user = ok(everybody.api.post("/api/v1/users", username=name, email=f"{name}@x", org_id="acme"), 201)
    owner = everybody.chatters[0].api
    refused(owner.post(f"/rooms/{everybody.room}/members", user_id=user["id"], role="member"), 404)
    refused(everybody.api.post("/auth/login", username=name, password="x"), 401)
    refused(everybody.api.post("/api/v1/users/login", username=name, password="x"), 401)


def test_accounts_are_not_among_the_open_users_online(everybody):
    api = everybody.api
    with api.socket(f"/ws?token={everybody.duals[0].token}"):
        online = str(ok(api.get("/api/online_users"))) + str(ok(api.get("/api/v1/dm/connected-users")))
    for person in everybody.chatters + everybody.duals:
        assert person.id not in online and person.name not in online


def test_a_room_is_no_open_group(everybody):
    api, room = everybody.api, everybody.room
    everybody.chatters[0].say(room, "in the room")
    assert ok(api.get(f"/api/v1/orgs/{room}/groups/{room}/messages"))["messages"] == []
    assert room not in str(ok(api.get("/api/v1/orgs")))
    assert "in the room" not in api.get(f"/api/v1/orgs/gochat/groups/{room}/messages").text
    everybody.hear()
