"""The environment that each README shows is all that a start needs; only addresses and ports are those of this place.
And the two profiles: open to every old client in dev, to none without a token in production."""

import re

import pytest

from support.client import Api, fresh, has, ok, refused_upgrade
from support.processes import eventually, free_port
from support.readme import block, section


@pytest.fixture
def place(postgres, redis):
    return Place(postgres, redis)


class Place:
    """Fills in what a README leaves to its reader: where PostgreSQL and Redis are, and which ports are free."""

    def __init__(self, postgres, redis):
        self.postgres, self.redis = postgres, redis
        self.main, self.second = free_port(), free_port()

    def fill(self, text):
        for readme, here in {
            "localhost:5432": f"localhost:{self.postgres.port}",
            "@host/": f"@localhost:{self.postgres.port}/",
            "dbname=": f"port={self.postgres.port} dbname=",
            "localhost:6379": f"localhost:{self.redis.port}",
            "8080": str(self.main),
            "8081": str(self.second),
        }.items():
            text = text.replace(readme, here)
        return text

    def main_port(self):
        return Api(f"http://localhost:{self.main}")

    def second_port(self):
        return Api(f"http://localhost:{self.second}")


def lines(text):
    """NAME=value lines, also with `export` and quotes."""
    return {name: value for name, _, value in re.findall(r"^(?:export )?(\w+)=([\"']?)(.*?)\2\s*$", text, re.M)}


def test_readme_000_table(place, serve):
    rows = dict(re.findall(r"^\| (\w+) +\| ([\w:]+) +\|", section("000", "## Environment (set via vars or .env)"), re.M))
    rows.pop("Variable")
    assert rows.keys() == {"APP_PORT", "PG_HOST", "PG_DB", "REDIS_ADDR"}
    place.postgres.database(rows["PG_DB"])
    env = {name: place.fill(value) for name, value in rows.items()}
    serve("000", env | {"PG_PORT": str(place.postgres.port), "API_PORT": "off"}).ready(place.main_port().base)
    api = place.main_port()
    org = fresh("org")
    ok(api.post("/api/v1/orgs", id=org, name="x"), 201)
    ok(api.post(f"/api/v1/orgs/{org}/groups", id="g", name="x"), 201)
    with api.socket(f"/ws/orgs/{org}/groups/g?clientId=a") as socket:
        socket.send(content="kept for seven days")
        has(socket.receive(), content="kept for seven days")
    key = f"messages:{org}:g"
    eventually(lambda: place.redis.ask("zcard", key) == ["1"], within=5)
    assert 604_700 <= int(place.redis.ask("ttl", key)[0]) <= 604_800


def test_readme_002_exports(place, serve):
    place.postgres.database("chat_app", owner="user", password="pass")
    env = lines(place.fill(block("002", "export POSTGRES_DSN")))
    assert env.keys() == {"POSTGRES_DSN", "REDIS_ADDR"}
    api = place.main_port()
    serve("002", env | {"PORT": str(place.main), "API_PORT": "off"}).ready(api.base)
    has(ok(api.post("/api/send_message", receiver_id="2", content="Hello")), receiver_id="2", content="Hello")


def test_readme_003_variables(place, serve):
    place.postgres.database("gochat", owner="gochat_user", password="password", rights="createrole")
    env = lines(place.fill(block("003", "DATABASE_URL")).replace("//user:", "//gochat_user:"))
    assert env.keys() == {"DATABASE_URL", "REDIS_URL", "JWT_SECRET", "PORT"}
    api = place.main_port()
    serve("003", env | {"API_PORT": "off"}).ready(api.base)
    answer = api.post("/auth/signup", username="ann", email="ann@example.org", password="correct-horse-battery-7")
    assert ok(answer, 201)["token"]


def test_readme_004_as_a_file(place, serve):
    place.postgres.database("mydb")
    api, gate = place.second_port(), place.main_port()
    serve("004", {}, dotenv=place.fill(block("004", "# .env"))).ready(gate.base)
    body = {"username": "ann", "password": "correct-horse-battery-7"}
    ok(api.post("/api/v1/users/register", **body), 201)
    token = ok(api.post("/api/v1/users/login", **body))["token"]
    with gate.socket("/ws/chat?token=" + token) as socket:
        has(socket.receive(), type="welcome")


def test_an_owner_without_rights_is_told_what_an_administrator_has_to_run(place, serve):
    address = place.postgres.database("plain", owner="plain_owner", password="pass", rights="")
    settings = {"DATABASE_URL": address, "PORT": str(place.main), "API_PORT": "off"}
    refused_start = serve("plain", settings).process
    assert refused_start.child.wait(30) == 1
    advice = re.search(r"run this in that database: (.*;)", refused_start.log.read_text())[1]
    place.postgres.sql(advice, database="plain")
    serve("plain", settings).ready(place.main_port().base)


def test_with_auto_create_the_browser_test_of_readme_000_needs_no_preparation(place, serve):
    api = place.main_port()
    serve("auto-create", {"PORT": str(place.main), "API_PORT": "off", "COMPAT_AUTO_CREATE": "on",
                          "DATABASE_URL": place.postgres.database("auto_create")}).ready(api.base)
    with api.socket("/ws/orgs/org1/groups/group1?clientId=alice") as socket:
        socket.send(content="Hello world")
        has(socket.receive(), org_id="org1", group_id="group1", client_id="alice", content="Hello world")


@pytest.mark.parametrize("secret", ["", "short", "your_super_strong_random_secret_key", "your-secret-key"])
def test_production_wants_a_secret_of_its_own(place, serve, secret):
    settings = {"PARLEY_PROFILE": "production", "PORT": str(place.main), "API_PORT": "off", "JWT_SECRET": secret,
                "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    process = serve(fresh("production"), settings).process
    assert process.child.wait(30) != 0
    assert "JWT_SECRET" in process.log.read_text()


def test_production_is_closed_to_open_names(place, serve):
    api = place.main_port()
    serve("production", {"PARLEY_PROFILE": "production", "HOST": "127.0.0.1", "PORT": str(place.main), "API_PORT": "off",
                         "JWT_SECRET": "only-this-check-knows-this-secret-of-ours",
                         "DATABASE_URL": place.postgres.database("production")}).ready(api.base)
    for path in ("/ws?user_id=a", "/ws", "/ws/dm?clientId=a", "/ws/dm/a", "/ws/orgs/org1/groups/group1?clientId=a"):
        assert refused_upgrade(api, path).status_code in (401, 403, 404), path
    for path in ("/api/v1/orgs", "/api/messages?user_id=a&with=b", "/api/online_users", "/api/v1/dm/connected-users",
                 "/api/v1/orgs/org1/users", "/api/v1/dm/a/b/history"):
        assert api.get(path).status_code in (401, 403, 404), path
    assert api.post("/api/send_message", receiver_id="2", content="Hello").status_code in (401, 403, 404)
    assert api.post("/api/v1/users", username="a", email="a", org_id="x").status_code in (401, 403, 404)
    answer = api.post("/auth/signup", username="ann", email="ann@example.org", password="correct-horse-battery-7")
    token = ok(answer, 201)["token"]
    assert ok(api.as_(token).get("/rooms")) == []
