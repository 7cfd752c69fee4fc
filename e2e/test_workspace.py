"""Seeds 000 and 001, go-realtime-workspace: organizations, groups, direct messages, users and tasks."""

import json
import subprocess
import uuid
from datetime import datetime, timedelta, timezone

import pytest

from support.client import fresh, has, ok, refused, refused_upgrade, sockets
from support.readme import block, here


def shell(text):
    return subprocess.run(["bash", "-c", text], check=True, capture_output=True, text=True).stdout


def typed(api, number, *words, **names):
    """Sends a README block that is written as an HTTP request: line, headers, empty line, body."""
    head, _, body = block(number, *words).partition("\n\n")
    line, *headers = head.splitlines()
    method, path = line.split()
    return api.call(method, path.format(**names), data=body,
                    headers=dict(header.split(": ", 1) for header in headers))


@pytest.fixture(scope="module")
def team(api):
    """An organization with one group: its ids."""
    return new_team(api)


def new_team(api):
    org, group = fresh("org"), fresh("group")
    ok(api.post("/api/v1/orgs", id=org, name="Acme Corp"), 201)
    ok(api.post(f"/api/v1/orgs/{org}/groups", id=group, name="Engineering"), 201)
    return org, group


def group_path(team):
    return "/api/v1/orgs/{}/groups/{}".format(*team)


def join(api, team, client):
    return api.socket("/ws/orgs/{}/groups/{}?clientId={}".format(*team, client))


# What the READMEs tell a reader to type

def test_readme_000_curl_health(api):
    assert shell(here(block("000", "curl"), api.base)) == "OK"


def test_readme_001_curl_health(api):
    assert shell(here(block("001", "/health", "curl"), api.base)) == "OK"


def test_readme_001_usage_example_from_first_to_last_line(api):
    has(json.loads(shell(here(block("001", "curl", '"id":"org1"'), api.base))), status="success", org_id="org1",
        message="Organization Acme Corp created successfully")
    has(json.loads(shell(here(block("001", "curl", '"id":"group1"'), api.base))), status="success", org_id="org1",
        group_id="group1", message="Group Engineering created successfully")
    with api.socket("/ws/orgs/org1/groups/group1?clientId=user123") as socket:
        has(json.loads(shell(here(block("001", "curl", "broadcast"), api.base))), status="Message broadcasted to group")
        has(socket.receive(), org_id="org1", group_id="group1", content="Team meeting in 5 minutes!")


def test_readme_001_requests_as_they_are_written(api):
    ok(typed(api, "001", '"id": "org-123"'), 201)
    ok(typed(api, "001", '"id": "group-456"', orgId="org-123"), 201)
    assert {"id": "org-123", "name": "My Organization"} in ok(typed(api, "001", "GET /api/v1/orgs\n"))
    assert ok(typed(api, "001", "GET /api/v1/orgs/{orgId}/groups", orgId="org-123")) == [
        {"id": "group-456", "name": "Engineering Team"}]
    with join(api, ("org-123", "group-456"), "client-789") as socket:
        has(ok(typed(api, "001", "Message to all groups", orgId="org-123")),
            status="Message broadcasted to organization")
        has(socket.receive(), content="Message to all groups in organization")
        has(ok(typed(api, "001", "Message to specific group", orgId="org-123", groupId="group-456")),
            status="Message broadcasted to group")
        has(socket.receive(), content="Message to specific group")
        socket.send(content="Hello, World!")
        has(socket.receive(), **json.loads(block("001", '"client_id"')))
    assert typed(api, "001", "GET /health").text == "OK"


def test_readme_000_frame_is_sent_to_the_group(api, team):
    with sockets(join(api, team, "alice"), join(api, team, "bob")) as (alice, bob):
        alice.send(block("000", '"recipient_id"'))
        has(bob.receive(), client_id="alice", content="Hello team")
        has(alice.receive(), client_id="alice", content="Hello team")


# Organizations and groups

def test_health_is_ok_on_both_paths(api):
    for path in ("/health", "/api/v1/health"):
        answer = api.get(path)
        assert (answer.status_code, answer.text) == (200, "OK")
        assert answer.headers["Content-Type"].startswith("text/plain")


def test_an_organization_is_created_once(api):
    org = fresh("org")
    has(ok(api.post("/api/v1/orgs", id=org, name="Acme"), 201), org_id=org, status="success",
        message="Organization Acme created successfully")
    refused(api.post("/api/v1/orgs", id=org, name="Acme"), 409, "Organization already exists")
    assert {"id": org, "name": "Acme"} in ok(api.get("/api/v1/orgs"))


@pytest.mark.parametrize("body", ["", "{", "[]", '"x"', '{"id":1,"name":"x"}'])
def test_a_wrong_body_makes_no_organization(api, body):
    refused(api.raw("/api/v1/orgs", body), 400, "Invalid request body")


@pytest.mark.parametrize("body", ["{}", '{"id":"x"}', '{"name":"x"}', '{"id":"","name":"x"}', '{"id":"x","name":""}'])
def test_an_organization_needs_id_and_name(api, body):
    refused(api.raw("/api/v1/orgs", body), 400, "Missing required fields: ID and Name")


def test_unknown_json_fields_are_passed_over(api):
    ok(api.post("/api/v1/orgs", id=fresh("org"), name="x", colour="red"), 201)


def test_a_group_is_created_once(api, team):
    org, group = team
    assert ok(api.get(f"/api/v1/orgs/{org}/groups")) == [{"id": group, "name": "Engineering"}]
    refused(api.post(f"/api/v1/orgs/{org}/groups", id=group, name="x"), 409, "Group already exists")


def test_groups_need_their_organization(api, team):
    missing = f"/api/v1/orgs/{fresh('none')}/groups"
    refused(api.get(missing), 404, "Organization not found")
    refused(api.post(missing, id="g", name="x"), 404, "Organization not found")
    refused(api.raw(missing, "{"), 400, "Invalid request body")
    refused(api.post(missing, id="g"), 400, "Missing required fields: ID and Name")


def test_a_new_organization_has_no_groups(api):
    org = fresh("org")
    ok(api.post("/api/v1/orgs", id=org, name="x"), 201)
    assert ok(api.get(f"/api/v1/orgs/{org}/groups")) == []


def test_the_organization_dm_is_reserved(api):
    assert api.post("/api/v1/orgs", id="dm", name="x").status_code in (400, 403, 409)


def test_unknown_paths_and_methods_are_refused(api, team):
    assert api.get("/api/v1/nothing").status_code == 404
    assert api.call("PUT", "/api/v1/orgs").status_code in (404, 405)


# Group sockets

def test_a_group_message_reaches_every_member_and_its_sender(api, team):
    with sockets(join(api, team, "alice"), join(api, team, "bob")) as (alice, bob):
        alice.send(content="Hello <b>&</b> Grüße 🚀\u2028")
        for socket in (alice, bob):
            frame = socket.receive()
            has(frame, org_id=team[0], group_id=team[1], client_id="alice", recipient_id="",
                content="Hello <b>&</b> Grüße 🚀\u2028")
            assert_now(frame["timestamp"])


def assert_now(timestamp):
    said = datetime.fromisoformat(timestamp)
    assert said.utcoffset() == timedelta(0)
    assert abs(datetime.now(timezone.utc) - said) < timedelta(seconds=30)


def test_the_server_says_who_sent_it(api, team):
    with join(api, team, "alice") as alice:
        alice.send(org_id="other", group_id="other", client_id="mallory", content="x")
        has(alice.receive(), org_id=team[0], group_id=team[1], client_id="alice", content="x")


def test_a_binary_frame_is_read_like_text(api, team):
    with join(api, team, "alice") as alice:
        alice.send(b'{"content":"from bytes"}')
        has(alice.receive(), content="from bytes")


def test_no_welcome_no_notices_no_history(api, team):
    with join(api, team, "alice") as alice:
        alice.send(content="before")
        alice.receive()
        with join(api, team, "bob") as bob:
            assert bob.rest() == []
        assert alice.rest() == []


@pytest.mark.parametrize("frame", ["{", "[]", '"x"', "null", '{"content":7}', b"\xff\xfe"])
def test_a_bad_frame_is_passed_over_and_the_socket_stays(api, team, frame):
    with join(api, team, "alice") as alice:
        alice.send(frame)
        alice.send(content="still here")
        has(alice.receive(), content="still here")


def test_a_frame_of_60000_bytes_passes_and_one_above_64_KiB_closes_with_1009(api, team):
    with join(api, team, "alice") as alice:
        alice.send(content="x" * 60_000)
        assert len(alice.receive()["content"]) == 60_000
        alice.send(content="x" * 65_536)
        assert alice.closed() == 1009


@pytest.mark.parametrize("code", [1000, 4001])
def test_a_close_is_answered_with_its_code(api, team, code):
    assert join(api, team, "alice").close(code) == code


def test_a_ping_is_answered(api, team):
    with join(api, team, "alice") as alice:
        assert alice.ping(b"payload")


def test_two_sockets_of_one_client_both_live(api, team):
    with join(api, team, "twin") as younger:
        with join(api, team, "twin") as older:
            younger.send(content="to both")
            has(older.receive(), content="to both")
            has(younger.receive(), content="to both")
        younger.send(content="to the one that is left")
        has(younger.receive(), content="to the one that is left")


def test_groups_hear_only_themselves(api, team):
    other = new_team(api)
    with sockets(join(api, team, "alice"), join(api, other, "alice")) as (here_, there):
        here_.send(content="here")
        here_.receive()
        there.send(content="there")
        assert [frame["content"] for frame in there.rest()] == ["there"]
        assert here_.rest() == []


def test_joining_is_refused_as_ever(api, team):
    org, group = team
    refused(refused_upgrade(api, f"/ws/orgs/{org}/groups/{group}"), 400, "clientId query parameter is required")
    refused(refused_upgrade(api, "/ws/orgs/none/groups/none"), 400, "clientId query parameter is required")
    for path in (f"/ws/orgs/{fresh('none')}/groups/{group}", f"/ws/orgs/{org}/groups/{fresh('none')}"):
        refused(refused_upgrade(api, path + "?clientId=a"), 404, "Organization or group not found")
    assert api.get(f"/ws/orgs/{org}/groups/{group}", clientId="a").status_code in (400, 426)


def test_a_page_from_anywhere_may_join(api, team):
    path = "/ws/orgs/{}/groups/{}?clientId=page".format(*team)
    with api.socket(path, origin="https://elsewhere.example") as page:
        page.send(content="x")
        has(page.receive(), content="x")


# Broadcasts

def test_a_group_broadcast_carries_the_client_id_of_its_body(api, team):
    with join(api, team, "alice") as alice:
        ok(api.post(group_path(team) + "/broadcast", content="one"))
        has(alice.receive(), client_id="", content="one", group_id=team[1])
        ok(api.post(group_path(team) + "/broadcast", content="two", client_id="bot"))
        has(alice.receive(), client_id="bot", content="two")


def test_an_organization_broadcast_reaches_each_group(api):
    org, group = new_team(api)
    ok(api.post(f"/api/v1/orgs/{org}/groups", id="second", name="Second"), 201)
    with sockets(join(api, (org, group), "a"), join(api, (org, "second"), "b")) as members:
        ok(api.post(f"/api/v1/orgs/{org}/broadcast", content="all hands"))
        for member in members:
            has(member.receive(), org_id=org, group_id="", content="all hands")
    for each in (group, "second"):
        assert contents(ok(api.get(f"/api/v1/orgs/{org}/groups/{each}/messages"))) == ["all hands"]


def test_broadcasts_are_refused_as_ever(api, team):
    org, group = team
    none = f"/api/v1/orgs/{fresh('none')}"
    refused(api.raw(none + "/broadcast", "{"), 404, "Organization not found")
    refused(api.raw(none + "/groups/g/broadcast", "{"), 404, "Organization or group not found")
    refused(api.raw(f"/api/v1/orgs/{org}/groups/none/broadcast", "{}"), 404, "Organization or group not found")
    refused(api.raw(f"/api/v1/orgs/{org}/broadcast", "{"), 400, "Invalid message format")
    refused(api.raw(group_path(team) + "/broadcast", "{"), 400, "Invalid message format")


def test_an_empty_broadcast_body_is_taken(api, team):
    has(ok(api.raw(group_path(team) + "/broadcast", "{}")), status="Message broadcasted to group")


# History

def contents(page):
    assert page["count"] == len(page["messages"])
    return [message["content"] for message in page["messages"]]


@pytest.fixture(scope="module")
def told(api):
    """A group in which five messages were said, and the path of its history."""
    team = new_team(api)
    with join(api, team, "alice") as alice:
        for number in range(5):
            alice.send(content=f"m{number}")
        for _ in range(5):
            alice.receive()
    return group_path(team) + "/messages"


def test_history_keeps_socket_messages_newest_first(api, told):
    page = ok(api.get(told))
    assert contents(page) == ["m4", "m3", "m2", "m1", "m0"]
    has(page["messages"][0], client_id="alice")
    assert page["messages"][0]["id"]
    assert_now(page["messages"][0]["timestamp"])


@pytest.mark.parametrize("limit, count", [("2", 2), ("0", 5), ("-1", 5), ("x", 5), ("9999", 5)])
def test_history_limit(api, told, limit, count):
    assert ok(api.get(told, limit=limit))["count"] == count


def test_history_after_is_oldest_first_and_inclusive(api, told):
    first = datetime.fromisoformat(ok(api.get(told))["messages"][-1]["timestamp"])
    assert contents(ok(api.get(told + "/after", after=int(first.timestamp())))) == ["m0", "m1", "m2", "m3", "m4"]
    assert contents(ok(api.get(told + "/after", after=int(first.timestamp()), limit=2))) == ["m0", "m1"]
    assert contents(ok(api.get(told + "/after", after=int(first.timestamp()) + 3600))) == []


def test_history_between_includes_its_last_second(api, told):
    times = [int(datetime.fromisoformat(m["timestamp"]).timestamp()) for m in ok(api.get(told))["messages"]]
    page = ok(api.get(told + "/between", start=min(times), end=max(times)))
    assert contents(page) == ["m0", "m1", "m2", "m3", "m4"]
    assert contents(ok(api.get(told + "/between", start=0, end=min(times) - 1))) == []


def test_history_count(api, told):
    has(ok(api.get(told + "/count")), count=5)


def test_history_of_an_unknown_group_is_empty(api):
    assert contents(ok(api.get("/api/v1/orgs/none/groups/none/messages"))) == []


def test_history_says_what_is_missing(api, told):
    refused(api.get(told + "/after"), 400, "after query parameter is required (Unix timestamp)")
    refused(api.get(told + "/after", after="x"), 400, "Invalid after timestamp")
    refused(api.get(told + "/between"), 400)
    refused(api.get(told + "/between", start="1", end="x"), 400)


# Direct messages

@pytest.mark.parametrize("path", ["/ws/dm?clientId={}", "/ws/dm/{}"])
def test_a_direct_message_reaches_its_recipient_only(api, path):
    a, b, c = fresh("alice"), fresh("bob"), fresh("carol")
    with sockets(*(api.socket(path.format(name)) for name in (a, b, c))) as (alice, bob, carol):
        alice.send(content="hi bob", recipient_id=b, client_id="mallory")
        frame = bob.receive()
        has(frame, client_id=a, recipient_id=b, content="hi bob", org_id="", group_id="")
        assert_now(frame["timestamp"])
        alice.send(content="to nobody")
        assert alice.rest() == bob.rest(0.1) == carol.rest(0.1) == []


def test_a_direct_message_to_oneself_arrives(api):
    name = fresh("alice")
    with api.socket(f"/ws/dm/{name}") as alice:
        alice.send(content="note", recipient_id=name)
        has(alice.receive(), content="note", client_id=name)


def test_direct_messages_over_rest(api):
    a, b = fresh("alice"), fresh("bob")
    refused(api.post(f"/api/v1/dm/{a}/{b}", content="early"), 404, "Recipient not connected")
    with api.socket(f"/ws/dm?clientId={b}") as bob:
        assert bob.rest() == [], "nothing is replayed"
        has(ok(api.post(f"/api/v1/dm/{a}/{b}", content="hi")), status="Direct message sent")
        has(bob.receive(), client_id=a, recipient_id=b, content="hi")
        bob.send(content="back", recipient_id=a)
        online = ok(api.get("/api/v1/dm/connected-users"))
        assert b in online["connected_users"] and a not in online["connected_users"]
        assert online["count"] == len(online["connected_users"])
    history = ok(api.get(f"/api/v1/dm/{a}/{b}/history"))
    assert [message["content"] for message in history] == ["back", "hi", "early"]
    assert ok(api.get(f"/api/v1/dm/{b}/{a}/history")) == history
    assert api.raw(f"/api/v1/dm/{a}/{b}", "{").status_code == 400


def test_a_group_socket_gets_no_direct_message(api, team):
    name = fresh("bob")
    with join(api, team, name) as member:
        refused(api.post(f"/api/v1/dm/alice/{name}", content="x"), 404, "Recipient not connected")
        assert member.rest() == []


def test_pairs_of_names_do_not_collide(api):
    word = fresh("n")
    api.post(f"/api/v1/dm/{word}_a/b", content="secret")
    assert ok(api.get(f"/api/v1/dm/{word}/a_b/history")) == []
    assert contents(ok(api.get(f"/api/v1/orgs/dm/groups/b_{word}_a/messages"))) == []


def test_a_direct_socket_needs_a_client_id(api):
    assert refused_upgrade(api, "/ws/dm").status_code == 400


# Users

@pytest.fixture
def user(api):
    name = fresh("user")
    return ok(api.post("/api/v1/users", username=name, email=f"{name}@x", full_name="Jo", org_id="acme"), 201)


def test_a_user_is_created_read_changed_and_deleted(api, user):
    uuid.UUID(user["id"])
    has(user, full_name="Jo", org_id="acme")
    assert_now(user["created_at"])
    path = "/api/v1/users/" + user["id"]
    has(ok(api.get(path)), **user)
    changed = ok(api.put(path, full_name="Joanna", email="", org_id="elsewhere"))
    has(changed, full_name="Joanna", email=user["email"], org_id="acme", username=user["username"])
    assert changed["updated_at"] >= user["updated_at"]
    assert api.delete(path).status_code == 204
    refused(api.get(path), 404, "user not found")


def test_users_are_found_by_name_and_by_organization(api):
    org, names = fresh("org"), [fresh("user"), fresh("user")]
    for name in names:
        ok(api.post("/api/v1/users", username=name, email=f"{name}@x", org_id=org), 201)
    has(ok(api.get("/api/v1/users/search", username=names[0])), username=names[0])
    assert [user["username"] for user in ok(api.get(f"/api/v1/orgs/{org}/users"))] == names[::-1]
    assert ok(api.get(f"/api/v1/orgs/{fresh('none')}/users")) == []
    refused(api.get("/api/v1/users/search"), 400, "username query parameter is required")
    refused(api.get("/api/v1/users/search", username=fresh("none")), 404)


@pytest.mark.parametrize("field", ["username", "email", "org_id"])
def test_a_user_needs(api, field):
    body = {"username": fresh("user"), "email": fresh("e"), "org_id": "acme", field: ""}
    refused(api.post("/api/v1/users", **body), 400, "Missing required fields: username, email, org_id")


def test_two_users_share_neither_name_nor_address(api, user):
    other = {"username": fresh("user"), "email": fresh("e"), "org_id": "acme"}
    for taken in ({"username": user["username"]}, {"email": user["email"]}):
        body = refused(api.post("/api/v1/users", **other | taken), 409)
        assert "pq:" not in body["error"] and "constraint" not in body["error"]
    second = ok(api.post("/api/v1/users", **other), 201)
    refused(api.put("/api/v1/users/" + second["id"], username=user["username"]), 409)


@pytest.mark.parametrize("nobody", [str(uuid.uuid4()), "not-a-uuid"])
def test_nobody_is_not_found(api, nobody):
    path = "/api/v1/users/" + nobody
    refused(api.get(path), 404, "user not found")
    refused(api.put(path, full_name="x"), 404, "user not found")
    refused(api.delete(path), 404, "user not found")
    refused(api.post(path + "/tasks", title="x"), 404)


# Tasks

def test_a_task_is_created_read_changed_and_deleted(api, user):
    task = ok(api.post(f"/api/v1/users/{user['id']}/tasks", title="Write", status="completed"), 201)
    has(task, user_id=user["id"], title="Write", description="", status="pending", priority="medium")
    path = "/api/v1/tasks/" + task["id"]
    has(ok(api.get(path)), **task)
    done = ok(api.put(path, status="completed", title="", priority="high"))
    has(done, status="completed", title="Write", priority="high")
    assert_now(done["completed_at"])
    assert not ok(api.put(path, status="in_progress")).get("completed_at")
    assert api.delete(path).status_code == 204
    refused(api.get(path), 404, "task not found")
    refused(api.put(path, title="x"), 404, "task not found")
    refused(api.delete(path), 404, "task not found")


def test_tasks_are_listed_newest_first_and_by_status(api, user):
    tasks = f"/api/v1/users/{user['id']}/tasks"
    assert ok(api.get(tasks)) == []
    first, second = (ok(api.post(tasks, title=title), 201) for title in ("first", "second"))
    ok(api.put("/api/v1/tasks/" + first["id"], status="completed"))
    assert [task["title"] for task in ok(api.get(tasks))] == ["second", "first"]
    assert [task["title"] for task in ok(api.get(tasks, status="completed"))] == ["first"]
    assert ok(api.get(tasks, status="unknown")) == []
    assert [task["title"] for task in ok(api.get(tasks, priority="low"))] == ["second", "first"]


def test_tasks_due_soon(api, user):
    tasks = f"/api/v1/users/{user['id']}/tasks"
    now = datetime.now(timezone.utc)
    for title, hours in (("later", 100), ("tomorrow", 20), ("overdue", -5), ("soon", 1)):
        due = (now + timedelta(hours=hours)).isoformat()
        ok(api.post(tasks, title=title, due_date=due), 201)
    ok(api.post(tasks, title="undated"), 201)
    done = ok(api.post(tasks, title="done", due_date=now.isoformat()), 201)
    ok(api.put("/api/v1/tasks/" + done["id"], status="completed"))

    def due(**query):
        return [task["title"] for task in ok(api.get(tasks + "/due-soon", **query))]
    assert due() == due(hours="x") == ["overdue", "soon", "tomorrow"]
    assert due(hours=2) == ["overdue", "soon"]
    assert due(hours=200) == ["overdue", "soon", "tomorrow", "later"]


def test_wrong_tasks_are_refused(api, user):
    tasks = f"/api/v1/users/{user['id']}/tasks"
    refused(api.post(tasks), 400, "Missing required field: title")
    refused(api.post(tasks, title="x", due_date="tomorrow"), 400)
    refused(api.post(tasks, title="x", priority="huge"), 400)
    task = ok(api.post(tasks, title="x", priority="urgent"), 201)
    refused(api.put("/api/v1/tasks/" + task["id"], status="unknown"), 400)
    refused(api.get("/api/v1/tasks/not-a-uuid"), 404, "task not found")


def test_tasks_go_with_their_user(api, user):
    task = ok(api.post(f"/api/v1/users/{user['id']}/tasks", title="x"), 201)
    api.delete("/api/v1/users/" + user["id"])
    refused(api.get("/api/v1/tasks/" + task["id"]), 404, "task not found")
