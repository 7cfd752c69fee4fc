"""Horizontal scaling, as README 003 promises it: two servers on one PostgreSQL and one Redis are one service."""

import pytest

import test_dual
import test_gochat
from support.client import Api, fresh, has, ok, sockets
from support.processes import eventually, free_port
from test_workspace import contents, group_path, join, new_team


@pytest.fixture(scope="module")
def nodes(serve, postgres, redis):
    settings = {"DATABASE_URL": postgres.database("nodes"), "REDIS_URL": f"redis://127.0.0.1:{redis.port}",
                "JWT_SECRET": "the-same-secret-on-all-of-the-nodes", "API_PORT": "off"}
    nodes = []
    for number in (1, 2):
        port = free_port()
        nodes.append(Api(f"http://127.0.0.1:{port}"))
        serve(f"node{number}", settings | {"PORT": str(port)}).ready(nodes[-1].base)
    return nodes


def test_a_group_spans_the_nodes(nodes):
    one, other = nodes
    team = new_team(one)
    with sockets(join(one, team, "a"), join(other, team, "b")) as (a, b):
        a.send(content="from one")
        has(b.receive(), client_id="a", content="from one")
        ok(other.post(group_path(team) + "/broadcast", content="from the other"))
        assert [a.receive()["content"] for _ in range(2)] == ["from one", "from the other"]
    assert contents(ok(other.get(group_path(team) + "/messages"))) == ["from the other", "from one"]


def test_a_burst_keeps_its_order_between_the_nodes(nodes):
    one, other = nodes
    team = new_team(one)
    with sockets(join(one, team, "a"), join(other, team, "b")) as (a, b):
        for number in range(1000):
            a.send(content=str(number))
        assert [b.receive()["content"] for _ in range(1000)] == [str(number) for number in range(1000)]


def test_direct_messages_find_their_node(nodes):
    one, other = nodes
    a, b = fresh("a"), fresh("b")
    with sockets(one.socket("/ws/dm/" + a), other.socket("/ws/dm/" + b)) as (alice, bob):
        alice.send(content="hi", recipient_id=b)
        has(bob.receive(), client_id=a, content="hi")
        eventually(lambda: b in ok(one.get("/api/v1/dm/connected-users"))["connected_users"], within=5)
        has(ok(one.post(f"/api/v1/dm/{a}/{b}", content="over REST")), status="Direct message sent")
        has(bob.receive(), content="over REST")


def test_a_message_is_delivered_and_answered_across_nodes(nodes):
    one, other = nodes
    a, b = fresh("a"), fresh("b")
    with sockets(one.socket("/ws?user_id=" + a), other.socket("/ws?user_id=" + b)) as (sender, receiver):
        eventually(lambda: {a, b} <= {user["user_id"] for user in ok(one.get("/api/online_users"))}, within=5)
        sender.send(receiver_id=b, content="hello")
        has(receiver.receive(), sender_id=a, content="hello")
        has(sender.receive(), type="delivery", status="delivered", to=b)


def test_a_room_spans_the_nodes(nodes):
    one, other = nodes
    ann = test_gochat.Person(one)
    ben = test_gochat.Person(other)
    room = ann.room()
    with sockets(ann.enter(room), ben.enter(room)) as (first, second):
        first.until(type="join", user_id=ben.id)
        second.send(type="typing", room_id=room)
        has(first.until(type="typing"), user_id=ben.id)
        first.send(type="message", room_id=room, content="across")
        has(second.until(type="message"), user_id=ann.id, content="across")


def test_the_chat_of_the_dual_server_spans_the_nodes(nodes):
    ann, ben = (test_dual.Pair(node, node).person() for node in nodes)
    with sockets(ann.connect(), ben.connect()) as (first, second):
        first.send(type="chat", payload="across")
        has(second.until(type="chat"), sender_id=ann.id, payload="across")
        second.send(type="private", target_id=ann.id, payload="psst")
        has(first.until(type="private"), sender_id=ben.id, payload="psst")
