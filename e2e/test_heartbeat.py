"""README 001: a ping at least every 54 seconds, and a peer that answers none for 60 is dropped."""

import time

import pytest

from support.client import has
from support.idle import IdleSockets

FAMILIES = list(IdleSockets.PATHS)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_silent_peer_is_pinged_and_then_dropped(idle, family):
    silent = idle.silent[family].wait(until=66)
    assert silent.pinged and silent.pinged <= 55
    assert silent.dropped and silent.pinged < silent.dropped <= 65


@pytest.mark.parametrize("family", FAMILIES)
def test_a_peer_that_answers_pings_stays(idle, api, family):
    time.sleep(max(0.0, 66 - (time.monotonic() - idle.opened)))
    socket = idle.answering[family]
    if family == "messaging":
        api.post("/api/send_message", sender_id="a", receiver_id="idle", content="awake?")
    else:
        api.post("/api/v1/dm/a/idle", content="awake?")
    has(socket.receive(), content="awake?")
