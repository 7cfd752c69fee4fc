"""What a stranger speaks to the server with: `requests` and `websockets`, and a few words to judge the answers."""

import json
import time
import uuid
from contextlib import contextmanager

import requests
import websockets.exceptions
import websockets.sync.client

MISSING = "<missing>"


def fresh(word: str) -> str:
    """A name that no other check uses."""
    return f"{word}-{uuid.uuid4().hex[:10]}"


def has(whole: dict, **expected):
    """The wire is compared as a subset: further keys are fine."""
    assert {key: whole.get(key, MISSING) for key in expected} == expected


def refused(response, status, text=None):
    """Errors keep the old text, inside one JSON form, with the status repeated."""
    assert (response.status_code, response.text[:200]) and response.status_code == status, response.text[:300]
    body = response.json()
    has(body, code=status)
    assert body["request_id"]
    if text is not None:
        has(body, error=text, message=text)
    return body


def ok(response, status=200):
    assert response.status_code == status, f"{response.status_code} {response.text[:300]}"
    return response.json() if response.content else None


class Api:
    """One server's REST, as one caller: `get("/rooms")`, `post("/rooms", name="x")`."""

    def __init__(self, base: str, token: str | None = None):
        self.base, self.token = base, token
        self._session = requests.Session()
        if token:
            self._session.headers["Authorization"] = "Bearer " + token

    def as_(self, token):
        return Api(self.base, token)

    def call(self, method, path, **options):
        return self._session.request(method, self.base + path, timeout=15, **options)

    def get(self, path, **query):
        return self.call("GET", path, params=query)

    def post(self, path, **body):
        return self.call("POST", path, json=body)

    def put(self, path, **body):
        return self.call("PUT", path, json=body)

    def delete(self, path):
        return self.call("DELETE", path)

    def raw(self, path, body, method="POST"):
        return self.call(method, path, data=body, headers={"Content-Type": "application/json"})

    def socket(self, path, **options):
        return Socket(self.base.replace("http", "ws", 1) + path, **options)


class Socket:
    """A WebSocket whose frames are JSON objects."""

    def __init__(self, url, **options):
        self._socket = websockets.sync.client.connect(url, open_timeout=10, close_timeout=5, max_size=None, **options)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send(self, frame=None, **fields):
        """A dict or keywords go as JSON, text and bytes as they are."""
        self._socket.send(frame if isinstance(frame, (str, bytes)) else json.dumps(frame or fields))

    def receive(self, within=8.0) -> dict:
        return json.loads(self._socket.recv(within))

    def until(self, within=8.0, **expected) -> dict:
        """The next frame with these fields; others before it are passed over."""
        deadline = time.monotonic() + within
        seen = []
        while (left := deadline - time.monotonic()) > 0:
            try:
                frame = self.receive(left)
            except TimeoutError:
                break
            if {key: frame.get(key, MISSING) for key in expected} == expected:
                return frame
            seen.append(frame)
        raise AssertionError(f"no frame with {expected}, but {seen}")

    def rest(self, quiet=0.4) -> list[dict]:
        """All that still comes, until nothing came for this long."""
        frames = []
        while True:
            try:
                frames.append(self.receive(quiet))
            except TimeoutError:
                return frames

    def closed(self, within=8.0):
        """The code of the close that the server sends."""
        try:
            while True:
                self._socket.recv(within)
        except websockets.exceptions.ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else 1006

    def ping(self, payload):
        return self._socket.ping(payload).wait(5)

    def close(self, code=1000):
        self._socket.close(code)
        return self._socket.close_code


@contextmanager
def sockets(*opened):
    try:
        yield opened
    finally:
        for socket in opened:
            socket.close()


class Handshake:
    """The HTTP answer to a refused upgrade, with the face of a `requests` response."""

    def __init__(self, response):
        self.status_code, self.headers = response.status_code, response.headers
        self.text = response.body.decode()

    def json(self):
        return json.loads(self.text)


def refused_upgrade(api: Api, path, **options) -> Handshake:
    try:
        api.socket(path, **options).close()
    except websockets.exceptions.InvalidStatus as refusal:
        return Handshake(refusal.response)
    raise AssertionError(f"{path} was let in")
