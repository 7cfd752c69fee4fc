"""A client that reads but never answers a ping, as a peer that has died without a word."""

import socket
import threading
import time
from urllib.parse import urlsplit

from websockets.client import ClientProtocol
from websockets.frames import Opcode
from websockets.uri import parse_uri


class SilentSocket:
    """Watches in the background; `pinged` and `dropped` are seconds after its handshake."""

    def __init__(self, url):
        where = urlsplit(url)
        self._protocol = ClientProtocol(parse_uri(url))
        self._socket = socket.create_connection((where.hostname, where.port))
        self._protocol.send_request(self._protocol.connect())
        self._socket.sendall(b"".join(self._protocol.data_to_send()))
        self._start = time.monotonic()
        self.pinged = self.dropped = None
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self):
        while bytes_ := self._read():
            self._protocol.receive_data(bytes_)
            if self.pinged is None and any(getattr(e, "opcode", None) == Opcode.PING for e in self._protocol.events_received()):
                self.pinged = time.monotonic() - self._start
        self.dropped = time.monotonic() - self._start

    def _read(self):
        try:
            return self._socket.recv(4096)
        except OSError:
            return b""

    def wait(self, until):
        """Waits for the drop, at most until this many seconds after the handshake."""
        self._thread.join(max(0.0, until - (time.monotonic() - self._start)))
        return self


class IdleSockets:
    """For each family: a silent client, and one that answers pings but says nothing."""

    PATHS = {"workspace": "/ws/dm?clientId=idle", "messaging": "/ws?user_id=idle"}

    def __init__(self, api):
        base = api.base.replace("http", "ws", 1)
        self.silent = {family: SilentSocket(base + path) for family, path in self.PATHS.items()}
        self.answering = {family: api.socket(path, ping_interval=None) for family, path in self.PATHS.items()}
        self.opened = time.monotonic()

    def close(self):
        for socket_ in self.answering.values():
            socket_.close()
