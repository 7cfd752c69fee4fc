"""Seed 002, Go Messaging Service: one-to-one messages, open by `user_id` or by somebody else's RS256 tokens."""

import base64
import hashlib
import hmac
import json
import subprocess
import time
from urllib.parse import parse_qsl, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from support.client import Api, fresh, has, ok, refused, refused_upgrade, sockets
from support.processes import free_port
from support.readme import block, here


@pytest.fixture
def names():
    return fresh("a"), fresh("b")


def connect(api, name):
    return api.socket(f"/ws?user_id={name}")


def history(api, one, other):
    return ok(api.get("/api/messages", **{"user_id": one, "with": other}))


def test_readme_curl_sends_a_message(api):
    said = subprocess.run(["bash", "-c", here(block("002", "curl"), api.base)], check=True, capture_output=True, text=True)
    message = json.loads(said.stdout)
    has(message, sender_id="anonymous", receiver_id="2", content="Hello", status="sent")
    assert isinstance(message["id"], int) and message["created_at"]


def test_readme_websocat_addresses_talk_to_each_other(api):
    first, second = (line.split('"')[1] for line in block("002", "websocat").splitlines())
    with sockets(*(api.socket("/ws?" + urlsplit(here(url, api.base)).query) for url in (first, second))) as (a, b):
        a.send(receiver_id="b", content="hi")
        has(b.receive(), sender_id="a", receiver_id="b", content="hi")
    assert [dict(parse_qsl(urlsplit(url).query)) for url in (first, second)] == [{"user_id": "a"}, {"user_id": "b"}]


def test_a_message_is_delivered_and_answered(api, names):
    one, other = names
    with sockets(connect(api, one), connect(api, other)) as (sender, receiver):
        sender.send(receiver_id=other, content="hello")
        message = receiver.receive()
        has(message, sender_id=one, receiver_id=other, content="hello", status="sent")
        assert isinstance(message["id"], int)
        has(sender.receive(), type="delivery", status="delivered", to=other, message_id=message["id"])
        assert receiver.rest() == sender.rest(0.1) == []
    has(history(api, one, other)[0], id=message["id"], status="delivered")


@pytest.mark.parametrize("alias", ["to", "recipient_id"])
def test_other_names_of_the_receiver_are_read(api, names, alias):
    one, other = names
    with sockets(connect(api, one), connect(api, other)) as (sender, receiver):
        sender.send({alias: other, "content": "hello"})
        has(receiver.receive(), sender_id=one, receiver_id=other, content="hello")


def test_a_message_to_somebody_offline_is_not_called_delivered(api, names):
    one, other = names
    with connect(api, one) as sender:
        sender.send(receiver_id=other, content="are you there?")
        has(sender.receive(), type="delivery", status="sent", to=other)
        has(history(api, one, other)[0], status="sent", content="are you there?")


def test_rest_says_truly_whether_it_was_delivered(api, names):
    one, other = names
    has(ok(api.post("/api/send_message", sender_id=one, receiver_id=other, content="x")), status="sent")
    with connect(api, other) as receiver:
        message = ok(api.post("/api/send_message", sender_id=one, receiver_id=other, content="y"))
        has(receiver.until(content="y"), id=message["id"], sender_id=one)
        has(message, sender_id=one, receiver_id=other, content="y", status="delivered")


def test_the_sender_of_a_rest_message_may_stand_in_the_address(api, names):
    one, other = names
    sent = api.call("POST", "/api/send_message?user_id=" + one, json={"receiver_id": other, "content": "x"})
    has(ok(sent), sender_id=one)


def test_what_a_client_claims_on_its_socket_is_overwritten(api, names):
    one, other = names
    with sockets(connect(api, one), connect(api, other)) as (sender, receiver):
        sender.send(sender_id="mallory", id=7, status="delivered", created_at="1999-01-01T00:00:00Z",
                    receiver_id=other, content="x")
        message = receiver.receive()
        has(message, sender_id=one, status="sent")
        assert message["id"] != 7 and not message["created_at"].startswith("1999")


def test_history_is_oldest_first_and_of_this_pair_only(api, names):
    one, other = names
    for sender, receiver, content in ((one, other, "1"), (other, one, "2"), (one, fresh("c"), "no"), (one, other, "3")):
        ok(api.post("/api/send_message", sender_id=sender, receiver_id=receiver, content=content))
    messages = history(api, one, other)
    assert [message["content"] for message in messages] == ["1", "2", "3"]
    assert [message["id"] for message in history(api, other, one)] == [message["id"] for message in messages]
    assert all(isinstance(message["id"], int) for message in messages)


def test_no_history_is_an_empty_list(api):
    assert history(api, fresh("a"), fresh("b")) == []


def test_history_needs_the_other(api):
    refused(api.get("/api/messages", user_id="a"), 400, "with query param required")


def test_online_users_until_the_last_socket_closes(api, names):
    def online():
        return [user for user in ok(api.get("/api/online_users")) if user["user_id"] == names[0]]
    assert online() == []
    with connect(api, names[0]) as younger:
        with connect(api, names[0]):
            assert len(online()) == 1
        time.sleep(0.2)
        has(online()[0], id=names[0], online=True)
        younger.send(receiver_id=names[1], content="x")
        has(younger.receive(), type="delivery")
    time.sleep(0.5)
    assert online() == []


def test_both_sockets_of_one_user_hear(api, names):
    one, other = names
    with sockets(connect(api, one), connect(api, other), connect(api, other)) as (sender, first, second):
        sender.send(receiver_id=other, content="both")
        has(first.receive(), content="both")
        has(second.receive(), content="both")


@pytest.mark.parametrize("frame", ["{", "[]", "7", '{"receiver_id":1,"content":[]}', '{"content":"to nobody"}', b"\xff"])
def test_a_bad_frame_is_passed_over_and_the_socket_stays(api, names, frame):
    one, other = names
    with connect(api, one) as sender:
        sender.send(frame)
        sender.send(receiver_id=other, content="after")
        has(sender.receive(), type="delivery", to=other)


@pytest.mark.parametrize("body", ["", "{", "[]", '{"receiver_id":"","content":"x"}', '{"content":"x"}'])
def test_a_bad_body_is_refused(api, body):
    refused(api.raw("/api/send_message", body), 400)


def test_bad_json_is_an_invalid_payload(api):
    refused(api.raw("/api/send_message", "{"), 400, "Invalid payload")


def test_wrong_methods_are_refused(api):
    assert api.get("/api/send_message").status_code in (404, 405)


def test_pages_from_anywhere_may_use_it(api):
    origin = {"Origin": "https://elsewhere.example"}
    asked = api.call("OPTIONS", "/api/send_message", headers=origin | {
        "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,authorization"})
    assert asked.status_code in (200, 204)
    for answer in (asked, api.call("GET", "/api/online_users", headers=origin)):
        assert answer.headers["Access-Control-Allow-Origin"] in ("*", origin["Origin"])


def test_the_database_is_shown_to_nobody(api):
    assert api.get("/api/db-info").status_code == 404


def test_a_socket_needs_to_say_who(api):
    refused(refused_upgrade(api, "/ws"), 400, "user_id or token required")


# With the public key of another service

class Issuer:
    """The service that signs tokens; the server has only its public key."""

    def __init__(self):
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.public_pem = self._key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()

    def token(self, subject, **claims):
        return jwt.encode({"sub": subject, "role": "user", "name": subject.title(), "iss": "your-auth-service",
                           "iat": int(time.time()), "exp": int(time.time()) + 900} | claims, self._key, "RS256")


@pytest.fixture(scope="module")
def issuer():
    return Issuer()


@pytest.fixture(scope="module")
def keyed(serve, postgres, issuer):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    serve("keyed", {"PORT": str(port), "API_PORT": "off", "POSTGRES_DSN": postgres.database("keyed"),
                    "JWT_PUBLIC_KEY": issuer.public_pem.replace("\n", "\\n")}).ready(url)
    return Api(url)


def test_with_tokens_the_subject_is_who_one_is(keyed, issuer):
    one, other = (keyed.as_(issuer.token(name)) for name in ("ann", "ben"))
    with sockets(keyed.socket(f"/ws?token={one.token}&user_id=mallory"),
                 keyed.socket("/ws?token=" + other.token)) as (ann, ben):
        ann.send(receiver_id="ben", content="signed", sender_id="mallory")
        has(ben.receive(), sender_id="ann", receiver_id="ben", content="signed")
        has(ann.receive(), type="delivery", status="delivered", to="ben")
        has(ok(other.post("/api/send_message", receiver_id="ann", content="back", sender_id="mallory")),
            sender_id="ben")
        has(ann.receive(), sender_id="ben", content="back")
        assert {"ann", "ben"} <= {str(user["user_id"]) for user in ok(one.get("/api/online_users"))}
    assert [message["content"] for message in ok(one.get("/api/messages", **{"with": "ben"}))] == ["signed", "back"]


def test_with_a_token_user_id_opens_nobody_elses_history(keyed, issuer):
    ann, ben, eve = (keyed.as_(issuer.token(name)) for name in ("ann2", "ben2", "eve2"))
    ok(ann.post("/api/send_message", receiver_id="ben2", content="secret"))
    assert ok(eve.get("/api/messages", **{"user_id": "ann2", "with": "ben2"})) == []
    assert ok(keyed.get("/api/messages", **{"user_id": "ann2", "with": "ben2"})) == [], "an open name is another person"


def forged(issuer):
    now = int(time.time())
    claims = {"sub": "ann", "exp": now + 900, "iss": "your-auth-service"}

    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
    return {
        "another key": Issuer().token("ann"),
        "no signature": f"{part({'alg': 'none'})}.{part(claims)}.",
        "public key as a secret": hmac_by_public_key(issuer, part({"alg": "HS256", "typ": "JWT"}) + "." + part(claims)),
        "expired": issuer.token("ann", exp=now - 3600),
        "no token at all": "rubbish",
    }


def hmac_by_public_key(issuer, signed):
    mac = hmac.new(issuer.public_pem.encode(), signed.encode(), hashlib.sha256).digest()
    return signed + "." + base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


@pytest.mark.parametrize("kind", ["another key", "no signature", "public key as a secret", "expired", "no token at all"])
def test_a_token_that_is_there_must_be_good(keyed, issuer, kind):
    token = forged(issuer)[kind]
    refused(refused_upgrade(keyed, f"/ws?user_id=ann&token={token}"), 401)
    refused(keyed.as_(token).get("/api/online_users"), 401)
    refused(keyed.as_(token).post("/api/send_message", receiver_id="ben", content="x", sender_id="ann"), 401)
