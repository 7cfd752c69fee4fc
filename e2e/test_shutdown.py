"""README 001: the server takes SIGINT and SIGTERM gracefully; what it acknowledged is there when it is back."""

import signal

import pytest

import test_dual
import test_gochat
from support.client import Api
from support.processes import free_port
from test_workspace import contents, group_path, join, new_team


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_every_socket_is_told_and_nothing_said_is_lost(serve, postgres, number):
    port, database = free_port(), postgres.database("shutdown_" + number.name.lower())
    api = Api(f"http://127.0.0.1:{port}")
    settings = {"PORT": str(port), "API_PORT": "off", "DATABASE_URL": database}
    server = serve(number.name, settings).ready(api.base).process
    team, chatter, dual = new_team(api), test_gochat.Person(api), test_dual.Pair(api, api).person()
    opened = {"group": join(api, team, "a"), "direct": api.socket("/ws/dm/a"), "messaging": api.socket("/ws?user_id=a"),
              "gochat": chatter.enter(chatter.room()), "dual": dual.connect()}
    for count in range(20):
        opened["group"].send(content=str(count))
        opened["group"].receive()
    server.send(number)
    assert {family: socket.closed(within=30) for family, socket in opened.items()} == dict.fromkeys(opened, 1001)
    assert server.child.wait(30) == 0
    serve(number.name + "-again", settings).ready(api.base)
    assert contents(_history(api, team)) == [str(count) for count in reversed(range(20))]


def _history(api, team):
    return api.get(group_path(team) + "/messages").json()
