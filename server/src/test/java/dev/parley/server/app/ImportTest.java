package dev.parley.server.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.adapter.password.Argon2Cost;
import dev.parley.server.adapter.password.Argon2PasswordHasher;
import dev.parley.server.adapter.postgres.DatabaseConfig;
import dev.parley.server.base.Ids;
import dev.parley.server.compat.SeedHttp;
import dev.parley.server.compat.SeedSocket;
import dev.parley.server.compat.SeedToken;
import dev.parley.server.domain.identity.Password;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `parley import` beside a running server, which its old clients ask afterwards.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ImportTest {
  /// Of the password `U*U`.
  private static final String BCRYPT =
      "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

  private static final String ANN = "11111111-1111-4111-8111-111111111111";
  private static final String BOB = "22222222-2222-4222-8222-222222222222";
  private static final String EVE = "33333333-3333-4333-8333-333333333333";
  private static final String ROOM = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
  private static final String DM = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb";

  /// An id of a message that is too large to be kept, so that no other test's ids are taken.
  private static final long NOT_KEPT = (1L << 53) - 1;

  private final TestDatabase database;
  private final KeyPair keys;
  private final TestServer server;
  private final SeedHttp http;
  private final List<DatabaseConfig> sources = new ArrayList<>();

  @TempDir Path folder;

  ImportTest(TestDatabase database) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2_048);
    this.keys = generator.generateKeyPair();
    this.database = database;
    this.server = TestServer.start(database, Map.of("JWT_PUBLIC_KEY", pem(keys)));
    this.http = new SeedHttp(server.http());
  }

  @AfterAll
  void stop() {
    server.close();
    sources.forEach(
        source ->
            TestDatabase.execute(
                database.superuser(), "drop database " + source.database() + " with (force)"));
  }

  // ---- the four families

  @Test
  void workspaceUsersAndTasksKeepTheirIdsTimesAndReminders() {
    var source =
        source(
            "workspace",
            """
            create table users (id uuid primary key default gen_random_uuid(),
              username varchar(100) unique not null, email varchar(255) unique not null,
              full_name varchar(255), org_id varchar(100) not null,
              created_at timestamptz default now(), updated_at timestamptz default now())
            """,
            """
            create table tasks (id uuid primary key default gen_random_uuid(),
              user_id uuid references users on delete cascade, title varchar(255) not null,
              description text, status varchar(50) default 'pending', priority varchar(20) default 'medium',
              due_date timestamptz, created_at timestamptz default now(),
              updated_at timestamptz default now(), completed_at timestamptz)
            """,
            """
            insert into users values
              ('%s', 'ann.w', 'ann@w', 'Ann', 'org1', '2024-01-02T03:04:05.678901Z', '2024-02-02T00:00:00Z'),
              ('%s', 'bob.w', 'bob@w', null, 'org1', '2024-01-03T00:00:00Z', '2024-01-03T00:00:00Z'),
              ('%s', '  ', 'eve@w', 'Eve', 'org1', '2024-01-04T00:00:00Z', '2024-01-04T00:00:00Z')
            """
                .formatted(ANN, BOB, EVE),
            """
            insert into tasks values
              ('%s', '%s', 'Ship', null, 'completed', 'high', '2024-03-01T00:00:00Z',
               '2024-02-01T00:00:00Z', '2024-02-10T00:00:00Z', '2024-02-09T08:00:00Z'),
              ('%s', '%s', 'Overdue', 'old', 'pending', 'low', '2024-03-01T00:00:00Z',
               '2024-02-02T00:00:00Z', '2024-02-02T00:00:00Z', null),
              ('%s', '%s', 'Later', 'new', 'in_progress', 'urgent', '2999-03-01T00:00:00Z',
               '2024-02-03T00:00:00Z', '2024-02-03T00:00:00Z', null),
              ('dddddddd-0000-4000-8000-000000000004', '%s', '', 'x', 'pending', 'low', null,
               '2024-02-03T00:00:00Z', '2024-02-03T00:00:00Z', null),
              ('dddddddd-0000-4000-8000-000000000005', '%s', 'x', 'x', 'blocked', 'low', null,
               '2024-02-03T00:00:00Z', '2024-02-03T00:00:00Z', null),
              ('dddddddd-0000-4000-8000-000000000006', '%s', 'x', 'x', 'pending', 'low', null,
               '2024-02-03T00:00:00Z', '2024-02-03T00:00:00Z', null)
            """
                .formatted(task(1), ANN, task(2), ANN, task(3), ANN, ANN, ANN, EVE));

    var first = parley("import", "--from", url(source));
    assertThat(first.code()).describedAs(first.toString()).isEqualTo(1);
    assertThat(first.row("users")).containsExactly(3, 2, 0, 0, 1);
    assertThat(first.row("tasks")).containsExactly(6, 3, 0, 0, 3);
    assertThat(first.out())
        .contains("users: refused: 1 because username is empty (" + EVE + ")")
        .contains("tasks: refused: 1 because title must not be empty (" + task(4) + ")")
        .contains("tasks: refused: 1 because its status is unknown (" + task(5) + ")")
        .contains("tasks: refused: 1 because its user was refused (" + task(6) + ")");

    var ann = http.get("/api/v1/users/" + ANN).require(200);
    assertThat(ann.get("username").asString()).isEqualTo("ann.w");
    assertThat(ann.get("created_at").asString()).isEqualTo("2024-01-02T03:04:05.678901Z");
    assertThat(
            all(
                http.get("/api/v1/orgs/org1/users").require(200),
                user -> user.get("id").asString()))
        .containsExactly(BOB, ANN);
    var tasks = http.get("/api/v1/users/" + ANN + "/tasks").require(200);
    assertThat(all(tasks, one -> one.get("title").asString()))
        .containsExactly("Later", "Overdue", "Ship");
    var ship = http.get("/api/v1/tasks/" + task(1)).require(200);
    assertThat(ship.get("status").asString()).isEqualTo("completed");
    assertThat(ship.get("priority").asString()).isEqualTo("high");
    assertThat(ship.get("completed_at").asString()).isEqualTo("2024-02-09T08:00:00Z");
    assertThat(ship.get("updated_at").asString()).isEqualTo("2024-02-10T00:00:00Z");
    assertThat(
            TestDatabase.ask(
                database.superuser(),
                "select count(*) || ' ' || bool_or(task_instance like '%"
                    + task(3)
                    + "%') from parley.scheduled_job where task_instance like '%dddddddd-%'"))
        .describedAs("only what is still to come reminds")
        .isEqualTo("1 true");
    assertThat(
            TestDatabase.ask(
                database.superuser(),
                "select coalesce(reminded_at = due_at, false) from parley.task where task_id = '"
                    + task(2)
                    + "'"))
        .describedAs("what is overdue does not remind any more")
        .isEqualTo("t");

    requireNothingMore(source);
  }

  @Test
  void messagesOfOpenNamesKeepTheirOrderTimesAndIds() {
    var source = source("messages", MESSAGES);
    TestDatabase.execute(
        source,
        """
        insert into messages (id, sender_id, receiver_id, content, status, created_at) values
          (1, 'zoe', 'yan', 'one', 'delivered', '2024-05-01T10:00:00.000001Z'),
          (2, 'yan', 'zoe', 'two', 'delivered', '2024-05-01T10:00:01Z'),
          (3, 'zoe', 'yan', 'three', 'sent', '2024-05-01T10:00:02Z'),
          (4, 'zoe', 'xia', 'other', 'delivered', '2024-05-01T09:00:00Z'),
          (5, 'zoe', '', 'nobody', 'delivered', '2024-05-01T09:00:00Z'),
          (6, 'zoe', 'yan', repeat('x', 65537), 'delivered', '2024-05-01T11:00:00Z'),
          (7, 'zoe', 'yan', 'no time', 'delivered', null)
        """);

    var first = parley("import", "--from", url(source));
    assertThat(first.code()).isEqualTo(1);
    assertThat(first.row("messages")).containsExactly(7, 4, 0, 0, 3);
    assertThat(first.out())
        .contains("1 because receiver_id is empty (5)")
        .contains("1 because content must have at most 65536 bytes (6)")
        .contains("1 because created_at is missing or no time (7)");

    var told = http.get("/api/messages?user_id=zoe&with=yan").require(200);
    assertThat(all(told, ImportTest::line))
        .containsExactly(
            "1 zoe one delivered 2024-05-01T10:00:00.000001Z",
            "2 yan two delivered 2024-05-01T10:00:01Z",
            "3 zoe three sent 2024-05-01T10:00:02Z");
    JsonNode now;
    try (var zoe = SeedSocket.open(URI.create(server.ws() + "/ws?user_id=zoe"))) {
      now =
          http.post(
                  "/api/send_message",
                  "{\"sender_id\":\"yan\",\"receiver_id\":\"zoe\",\"content\":\"now\"}")
              .require(200);
      assertThat(content(zoe.nextJson())).describedAs("not what arrived long ago").isEqualTo("now");
    }
    assertThat(now.get("id").asLong()).isGreaterThan(1_000_000);

    // What the old server has taken meanwhile comes behind what was said here.
    requireNothingMore(source);
    TestDatabase.execute(
        source,
        "insert into messages values (8, 'yan', 'zoe', 'late', 'delivered', '2024-06-01T00:00:00Z')",
        "insert into messages values (9, 'new', 'zoe', 'first', 'delivered', '2024-06-01T00:00:00Z')");
    var third = parley("import", "--from", url(source));
    assertThat(third.row("messages")).containsExactly(9, 2, 4, 0, 3);
    assertThat(third.out())
        .contains("imported with a difference: 1 because it has the time of the message in front");
    assertThat(
            all(http.get("/api/messages?user_id=zoe&with=yan").require(200), ImportTest::content))
        .containsExactly("one", "two", "three", "now", "late");
    assertThat(all(http.get("/api/messages?user_id=zoe&with=new").require(200), ImportTest::line))
        .containsExactly("9 new first delivered 2024-06-01T00:00:00Z");
  }

  @Test
  void messagesBesideUsersAreThoseOfAccounts() {
    var source =
        source(
            "railway",
            MESSAGES,
            """
            create table users (id serial primary key, name text, email text, role int,
              encrypted_password text, avatar_url text, created_at timestamp default now())
            """,
            """
            insert into users values
              (1, 'Ann Lee', 'ann@rails.example', 0, '%s', null, '2024-01-01T00:00:00'),
              (2, 'Ann Lee', 'ann2@rails.example', 0, 'plain text!', null, '2024-01-01T00:00:00')
            """
                .formatted(BCRYPT),
            """
            insert into messages values
              (11, '1', '2', 'hello', 'delivered', '2024-05-01T10:00:00Z'),
              (12, '2', '1', 'hello yourself', 'delivered', '2024-05-01T10:00:01Z'),
              (13, '99', '1', 'from one who has gone', 'delivered', '2024-05-01T10:00:02Z')
            """);

    var first = parley("import", "--from", url(source));
    assertThat(first.code()).describedAs(first.toString()).isZero();
    assertThat(first.row("users")).containsExactly(2, 2, 0, 0, 0);
    assertThat(first.row("messages")).containsExactly(3, 3, 0, 0, 0);
    assertThat(first.out()).contains("of an unknown form: nobody can sign in with it (2)");

    var login =
        http.post(
            "/api/v1/auth/login", "{\"username\":\"ann@rails.example\",\"password\":\"U*U\"}");
    assertThat(login.require(200).get("user_id").asString()).isEqualTo("1");
    var token =
        SeedToken.rs256(
            keys.getPrivate(),
            "{\"sub\":\"1\",\"name\":\"Ann Lee\",\"exp\":%d,\"iat\":%d}"
                .formatted(
                    System.currentTimeMillis() / 1000 + 600, System.currentTimeMillis() / 1000));
    var told = http.get("/api/messages?with=2", token).require(200);
    assertThat(all(told, ImportTest::line))
        .containsExactly(
            "11 1 hello delivered 2024-05-01T10:00:00Z",
            "12 2 hello yourself delivered 2024-05-01T10:00:01Z");
    assertThat(all(http.get("/api/messages?with=99", token).require(200), ImportTest::content))
        .containsExactly("from one who has gone");
    requireNothingMore(source);
  }

  @Test
  void goChatsRoomsGoOnWithTheirPast() {
    var argon =
        new Argon2PasswordHasher(
                new Argon2Cost(65_536, 1, 4), new Ids(InstantSource.system(), new SecureRandom()))
            .hash(new Password("old password of bob"));
    var source = source("gochat", GOCHAT);
    TestDatabase.execute(
        source,
        """
        insert into users (id, username, email, password_hash, last_seen, created_at) values
          ('%s', 'ann', 'ann@go.example', '%s', '2024-04-01T00:00:00Z', '2024-01-01T00:00:00Z'),
          ('%s', 'bob', 'bob@go.example', '%s', null, '2024-01-02T00:00:00Z'),
          ('%s', 'e v e', 'eve@go.example', 'x', null, '2024-01-03T00:00:00Z')
        """
            .formatted(ANN, BCRYPT, BOB, argon, EVE),
        """
        insert into rooms (id, name, type, creator_id, topic, created_at) values
          ('%s', 'General', 'private', '%s', 'All of it', '2024-02-01T00:00:00Z'),
          ('%s', '', 'dm', '%s', null, '2024-02-02T00:00:00Z'),
          ('cccccccc-cccc-4ccc-8ccc-cccccccccccc', 'Odd', 'secret', '%s', null, '2024-02-02T00:00:00Z')
        """
            .formatted(ROOM, ANN, DM, ANN, ANN),
        """
        insert into room_members values
          ('%1$s', '%2$s', 'admin', '2024-02-01T00:00:00Z'),
          ('%1$s', '%3$s', 'member', '2024-02-03T00:00:00Z'),
          ('%1$s', '%4$s', 'member', '2024-02-03T00:00:00Z'),
          ('%5$s', '%2$s', 'member', '2024-02-03T00:00:00Z'),
          ('%5$s', '%3$s', 'member', '2024-02-03T00:00:00Z')
        """
            .formatted(ROOM, ANN, BOB, EVE, DM),
        """
        insert into messages (id, room_id, user_id, content, message_type, file_url, parent_id, deleted_at, created_at)
        values
          (101, '%1$s', '%2$s', 'Hello', 'text', null, null, null, '2024-03-01T00:00:00.5Z'),
          (102, '%1$s', '%3$s', 'Hello Ann', 'text', null, 101, null, '2024-03-01T00:00:01Z'),
          (103, '%1$s', '%3$s', 'oops', 'text', null, null, now(), '2024-03-01T00:00:02Z'),
          (104, '%1$s', '%2$s', '', 'image', 'https://files.example/cat.png', null, null, '2024-03-01T00:00:03Z'),
          (105, '%1$s', '%4$s', 'mine', 'text', null, null, null, '2024-03-01T00:00:04Z'),
          (106, '%5$s', '%2$s', 'only us', 'text', null, null, null, '2024-03-01T00:00:05Z'),
          (107, '%1$s', '%2$s', 'x', 'video', null, null, null, '2024-03-01T00:00:06Z'),
          (108, '%1$s', '99999999-9999-4999-8999-999999999999', 'x', 'text', null, null, null, now())
        """
            .formatted(ROOM, ANN, BOB, EVE, DM),
        "update messages set edited_at = '2024-03-05T00:00:00Z' where id = 102",
        "insert into rooms values ('%s', 'Closed', 'group', '%s', null, true, '2024-02-05T00:00:00Z')"
            .formatted(task(9), ANN),
        "insert into room_members values ('%s', '%s', 'admin', now())".formatted(task(9), ANN),
        "insert into message_reads values (101, '%1$s', now()), (102, '%1$s', now())"
            .formatted(ANN),
        "insert into reactions values (101, '%s', '👍'), (103, '%s', '👍')".formatted(BOB, ANN));

    var rehearsal = parley("import", "--from", url(source), "--dry-run");
    assertThat(rehearsal.row("messages")).containsExactly(8, 4, 0, 1, 3);
    assertThat(rehearsal.out()).contains("Nothing was written: this was a rehearsal.");
    assertThat(http.post("/auth/login", proof("ann", "U*U")).status()).isEqualTo(401);

    var first = parley("import", "--from", url(source));
    assertThat(first.code()).describedAs(first.toString()).isEqualTo(1);
    assertThat(first.row("users")).containsExactly(3, 2, 0, 0, 1);
    assertThat(first.row("rooms")).containsExactly(4, 3, 0, 0, 1);
    assertThat(first.row("room_members")).containsExactly(6, 5, 0, 0, 1);
    assertThat(first.row("messages")).containsExactly(8, 4, 0, 1, 3);
    assertThat(first.row("message_reads")).containsExactly(1, 1, 0, 0, 0);
    assertThat(first.row("reactions")).containsExactly(1, 1, 0, 0, 0);
    assertThat(first.out())
        .contains("messages: left out: 1 because it is deleted (103)")
        .contains("messages: refused: 1 because its user was refused (105)")
        .contains("messages: refused: 1 because Invalid message type (107)")
        .contains("messages: refused: 1 because its user is not there (108)")
        .contains("rooms: refused: 1 because its type is unknown (cccccccc-");

    var ann = http.with(token(proof("ann", "U*U")));
    var bob = http.with(token(proof("bob@go.example", "old password of bob")));
    assertThat(all(ann.get("/rooms").require(200), room -> room.get("id").asString()))
        .describedAs("the archived one is hidden")
        .containsExactly(DM, ROOM);
    assertThat(ann.get("/rooms/" + task(9)).require(200).get("is_archived").asBoolean()).isTrue();
    var room = bob.get("/rooms/" + ROOM).require(200);
    assertThat(room.get("name").asString()).isEqualTo("General");
    assertThat(room.get("creator_id").asString()).isEqualTo(ANN);
    assertThat(room.get("created_at").asString()).isEqualTo("2024-02-01T00:00:00Z");
    var told = bob.get("/rooms/" + ROOM + "/messages").require(200);
    assertThat(
            all(
                told,
                one ->
                    "%d %s %s %s %s"
                        .formatted(
                            one.get("id").asLong(),
                            one.get("user").get("username").asString(),
                            one.get("type").asString(),
                            one.get("content").asString(),
                            one.get("created_at").asString())))
        .containsExactly(
            "104 ann image  2024-03-01T00:00:03Z".replace("  ", " https://files.example/cat.png "),
            "102 bob text Hello Ann 2024-03-01T00:00:01Z",
            "101 ann text Hello 2024-03-01T00:00:00.500Z");
    assertThat(told.get(1).get("parent_id").asLong()).isEqualTo(101);
    assertThat(told.get(1).get("edited_at").asString()).isEqualTo("2024-03-05T00:00:00Z");
    assertThat(told.get(0).get("user").get("last_seen").asString())
        .isEqualTo("2024-04-01T00:00:00Z");
    assertThat(told.get(2).get("reactions").toString()).contains("👍").contains(BOB);
    assertThat(
            all(
                bob.get("/rooms/" + ROOM + "/messages?before=104&limit=1").require(200),
                ImportTest::content))
        .containsExactly("Hello Ann");
    assertThat(all(ann.get("/rooms/" + DM + "/messages").require(200), ImportTest::content))
        .containsExactly("only us");
    await()
        .untilAsserted(
            () ->
                assertThat(
                        all(
                            ann.get("/rooms/" + ROOM + "/search?q=hello").require(200),
                            one -> one.get("id").asLong()))
                    .containsExactlyInAnyOrder(101L, 102L));

    requireNothingMore(source);
    TestDatabase.execute(
        source,
        "update messages set content = 'Hullo' where id = 101",
        "update users set username = 'eve' where id = '" + EVE + "'");
    Outcome mended;
    try (var socket =
        SeedSocket.open(
            URI.create(server.ws() + "/ws?token=" + bob.token() + "&room_id=" + ROOM))) {
      assertThat(socket.nextJson().get("type").asString()).isEqualTo("join");
      mended = parley("import", "--from", url(source));
      assertThat(content(socket.nextJson())).isEqualTo("mine");
    }
    assertThat(mended.row("users")).containsExactly(3, 1, 2, 0, 0);
    assertThat(mended.row("room_members")).containsExactly(6, 1, 5, 0, 0);
    assertThat(mended.row("messages")).containsExactly(8, 1, 3, 1, 3);
    assertThat(mended.out()).contains("1 because it was changed after it had been imported (101)");
    assertThat(all(bob.get("/rooms/" + ROOM + "/messages").require(200), ImportTest::content))
        .first()
        .isEqualTo("mine");
  }

  @Test
  void whatHappenedHereIsNotUndone() {
    var room = "44444444-0000-4000-8000-000000000001";
    var put = "44444444-0000-4000-8000-000000000002";
    var owner = "44444444-0000-4000-8000-00000000000a";
    var removed = "44444444-0000-4000-8000-00000000000b";
    var left = "44444444-0000-4000-8000-00000000000c";
    var source = source("undo", GOCHAT);
    for (var user : List.of(owner, removed, left)) {
      TestDatabase.execute(
          source,
          "insert into users (id, username, password_hash, created_at) values ('%s', 'undo%s', '%s', now())"
              .formatted(user, user.substring(35), BCRYPT),
          "insert into room_members values ('%s', '%s', 'admin', now())".formatted(room, user));
    }
    TestDatabase.execute(
        source,
        """
        insert into rooms (id, name, type, creator_id, is_archived, created_at) values
          ('%s', 'kept', 'private', '%s', false, '2024-01-01'), ('%s', 'put away', 'private', '%s', true, '2024-01-01')
        """
            .formatted(room, owner, put, owner),
        "insert into room_members values ('%s', '%s', 'admin', now())".formatted(put, owner),
        "insert into messages (id, room_id, user_id, content, message_type, created_at) values (%d, '%s', '%s', 'x', 'text', '2024-01-02')"
            .formatted(NOT_KEPT, room, owner),
        "insert into reactions values (%1$d, '%2$s', '👍'), (%1$d, '%2$s', '🎉')"
            .formatted(NOT_KEPT, owner));
    assertThat(parley("import", "--from", url(source)).code()).isZero();

    var own = http.with(token(proof("undoa", "U*U")));
    var posted = own.get("/rooms/" + room + "/messages").require(200).get(0).get("id").asLong();
    var message = "/rooms/" + room + "/messages/" + posted;
    own.delete("/rooms/" + room + "/members/" + removed);
    http.with(token(proof("undoc", "U*U"))).delete("/rooms/" + room + "/members/" + left);
    own.delete(message + "/reactions/%F0%9F%91%8D");
    own.call("PATCH", "/rooms/" + put, "{\"is_archived\":false}").require(200);
    assertThat(all(own.get("/rooms/" + room + "/members").require(200), one -> 1)).hasSize(1);

    requireNothingMore(source);
    assertThat(all(own.get("/rooms/" + room + "/members").require(200), one -> 1)).hasSize(1);
    assertThat(own.get("/rooms/" + put).require(200).get("is_archived").asBoolean()).isFalse();
    assertThat(own.get(message + "/reactions").require(200).toString())
        .contains("🎉")
        .doesNotContain("👍");
  }

  @Test
  void aTimeToComeDoesNotStopTheClockOfARoom() {
    var room = "55555555-0000-4000-8000-000000000001";
    var user = "55555555-0000-4000-8000-00000000000a";
    var source = source("future", GOCHAT);
    TestDatabase.execute(
        source,
        "insert into users (id, username, password_hash, created_at) values ('%s', 'future', '%s', now())"
            .formatted(user, BCRYPT),
        "insert into rooms (id, name, type, creator_id, created_at) values ('%s', 'x', 'private', '%s', '2098-01-01')"
            .formatted(room, user),
        "insert into room_members values ('%s', '%s', 'admin', now())".formatted(room, user),
        "insert into messages (id, room_id, user_id, content, message_type, created_at) values (%d, '%s', '%s', 'x', 'text', '2099-01-01')"
            .formatted(NOT_KEPT, room, user));
    var first = parley("import", "--from", url(source));
    assertThat(first.code()).isZero();
    assertThat(first.out()).contains("its time was to come, so it has that of the import");
    assertThat(
            TestDatabase.ask(
                database.superuser(),
                "select last_at < now() and created_at < now() from parley.room where room_id = '%s'"
                    .formatted(room)))
        .isEqualTo("t");
    requireNothingMore(source);
  }

  @Test
  void aSecondDatabaseOfTheSameFamilyGetsNewIds() {
    var ours = "33333333-0000-4000-8000-00000000000";
    for (var number : List.of("1", "2")) {
      var source = source("twin" + number, GOCHAT);
      TestDatabase.execute(
          source,
          "insert into users (id, username, password_hash, created_at) values ('%s', 'twin%s', '%s', now())"
              .formatted(ours + number, number, BCRYPT),
          "insert into rooms (id, name, type, creator_id, created_at) values ('%s', 'x', 'public', '%s', '2024-01-01')"
              .formatted(ours + number, ours + number),
          "insert into room_members values ('%1$s', '%1$s', 'admin', now())"
              .formatted(ours + number),
          "insert into messages (id, room_id, user_id, content, message_type, created_at) values (77, '%1$s', '%1$s', 'x', 'text', '2024-01-02')"
              .formatted(ours + number));
      assertThat(parley("import", "--from", url(source)).code()).isZero();
      requireNothingMore(source);
    }
    var ids =
        TestDatabase.ask(
            database.superuser(),
            "select string_agg(distinct message_id::text, ' ') from parley.room_event where room_id::text like '"
                + ours
                + "%' and message_id is not null");
    assertThat(ids.split(" ")).hasSize(2);
  }

  @Test
  void theDualServersUsersSignInWithTheirOldPasswords() {
    var source =
        source(
            "dual",
            "create table users (id uuid primary key, username text, hashed_password bytea, created_at timestamptz)",
            """
            insert into users values
              ('019a0000-0000-7000-8000-000000000001', 'dora', convert_to('%1$s', 'UTF8'), '2024-01-01T00:00:00Z'),
              ('019a0000-0000-7000-8000-000000000002', 'DORA', convert_to('%1$s', 'UTF8'), '2024-01-02T00:00:00Z'),
              ('019a0000-0000-7000-8000-000000000003', 'emil', '\\xff00', '2024-01-03T00:00:00Z')
            """
                .formatted(BCRYPT));
    var first = parley("import", "--from", url(source));
    assertThat(first.code()).describedAs(first.toString()).isEqualTo(1);
    assertThat(first.row("users")).containsExactly(3, 2, 0, 0, 1);
    assertThat(first.out()).contains("1 because the username is taken by another account");

    var login = new SeedHttp(server.api()).post("/api/v1/users/login", proof("dora", "U*U"));
    assertThat(login.require(200).get("user_name").asString()).isEqualTo("dora");
    assertThat(
            new SeedHttp(server.api()).post("/api/v1/users/login", proof("dora", "u*u")).status())
        .isEqualTo(401);
    requireNothingMore(source);
  }

  // ---- the command

  @Test
  void whatIsNoDatabaseIsToldInOneLineWithoutThePassword() {
    var source = source("foreign", "create table things (id int)");
    var foreign = parley("import", "--from", url(source));
    assertThat(foreign.code()).isEqualTo(1);
    assertThat(foreign.err()).contains("[things]").contains("--family").hasLineCount(1);

    var wrong = parley("import", "--from", url(source), "--family", "dual");
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(wrong.err()).contains("not the tables of a dual server").hasLineCount(1);

    var closed = parley("import", "--from", "postgres://me:hunter2@127.0.0.1:1/nothing");
    assertThat(closed.code()).isEqualTo(1);
    assertThat(closed.err())
        .contains("me@127.0.0.1:1/nothing")
        .doesNotContain("hunter2")
        .hasLineCount(1);
  }

  @Test
  void whoeverAsksWronglyIsToldHow() {
    for (var args :
        List.of(
            List.of("import"),
            List.of("import", "--from", "http://x"),
            List.of("import", "--from", "postgres://a:hunter2@h/d", "--family", "slack"),
            List.of("import", "postgres://a:hunter2@h/d"))) {
      var outcome = parley(args.toArray(String[]::new));
      assertThat(outcome.code()).describedAs(args.toString()).isEqualTo(2);
      assertThat(outcome.err()).doesNotContain("hunter2").hasLineCount(1);
    }
  }

  // ---- how

  private static final String MESSAGES =
      """
      create table messages (id serial primary key, sender_id text, receiver_id text, content text,
        status text, created_at timestamptz)
      """;

  private static final String[] GOCHAT = {
    """
    create table users (id uuid primary key, username text unique, email text, password_hash text,
      avatar_url text, status text, last_seen timestamptz, created_at timestamptz, updated_at timestamptz)
    """,
    """
    create table rooms (id uuid primary key, name text, type text, creator_id uuid, topic text,
      is_archived boolean default false, created_at timestamptz)
    """,
    """
    create table room_members (room_id uuid, user_id uuid, role text, joined_at timestamptz,
      primary key (room_id, user_id))
    """,
    """
    create table messages (id bigserial primary key, room_id uuid, user_id uuid, content text,
      message_type text, file_url text, parent_id bigint, edited_at timestamptz,
      deleted_at timestamptz, created_at timestamptz)
    """,
    "create table message_reads (message_id bigint, user_id uuid, read_at timestamptz)",
    "create table reactions (message_id bigint, user_id uuid, emoji text)"
  };

  private record Outcome(int code, String out, String err) {
    /// The numbers of a table: read, imported, already there, left out, refused.
    List<Integer> row(String table) {
      return out.lines()
          .filter(line -> line.startsWith(table + " "))
          .findFirst()
          .map(
              line ->
                  Arrays.stream(line.substring(table.length()).strip().split(" +"))
                      .map(Integer::valueOf)
                      .toList())
          .orElseThrow(() -> new AssertionError(this));
    }
  }

  private Outcome parley(String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var environment =
        Map.of(
            "DATABASE_URL",
            url(database.config()),
            "JWT_SECRET",
            "a secret that is long enough!!!!");
    var shell =
        new Shell(
            environment,
            folder,
            folder,
            false,
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8));
    int code = new Main(shell, new Serving()).run(args);
    return new Outcome(code, out.toString(UTF_8), err.toString(UTF_8));
  }

  private void requireNothingMore(DatabaseConfig source) {
    var before = fingerprint();
    var again = parley("import", "--from", url(source));
    assertThat(again.out()).contains("Nothing to do: everything that can be imported is there");
    assertThat(fingerprint()).isEqualTo(before);
  }

  /// Of everything that an import could change.
  private String fingerprint() {
    return Stream.of(
            "account",
            "org_member",
            "room",
            "room_member",
            "room_event",
            "message_state",
            "reaction",
            "reply",
            "receipt",
            "last_seen",
            "task",
            "directory_user",
            "user_event",
            "imported_ids")
        .map(
            table ->
                TestDatabase.ask(
                    database.superuser(),
                    "select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from parley."
                        + table
                        + " t"))
        .toList()
        .toString();
  }

  private DatabaseConfig source(String name, String... statements) {
    var database = "import_" + name;
    TestDatabase.execute(
        this.database.superuser(),
        "drop database if exists " + database,
        "create database " + database);
    var source = this.database.superuser().withDatabase(database);
    sources.add(source);
    TestDatabase.execute(source, statements);
    return source;
  }

  private static String url(DatabaseConfig config) {
    return "postgres://%s:%s@%s:%d/%s"
        .formatted(
            config.user(), config.password(), config.host(), config.port(), config.database());
  }

  private String token(String proof) {
    return http.post("/auth/login", proof).require(200).get("token").asString();
  }

  private static String proof(String username, String password) {
    return "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(username, password);
  }

  private static String task(int number) {
    return "dddddddd-0000-4000-8000-00000000000" + number;
  }

  private static String line(JsonNode message) {
    return "%d %s %s %s %s"
        .formatted(
            message.get("id").asLong(),
            message.get("sender_id").asString(),
            content(message),
            message.get("status").asString(),
            message.get("created_at").asString());
  }

  private static String content(JsonNode message) {
    return message.get("content").asString();
  }

  private static <T> List<T> all(JsonNode array, Function<JsonNode, T> what) {
    return StreamSupport.stream(array.spliterator(), false).map(what).toList();
  }

  private static String pem(KeyPair keys) {
    var body = Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded());
    return "-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----";
  }
}
