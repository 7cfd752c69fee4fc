package dev.parley.server.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.adapter.postgres.PostgresRoomStore;
import dev.parley.server.base.DeviceId;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.room.RoomStore.NewMember;
import dev.parley.server.testing.PostgresExtension;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The event stream, as a browser sees it.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
final class FeedTest {
  private Database database;
  private RestFixture rest;
  private User ann;
  private User bob;
  private String org;

  @BeforeAll
  void start(Database database) {
    this.database = database;
    rest = new RestFixture(database);
    ann = rest.user();
    bob = rest.user();
    org = ann.createOrg("Acme");
    ann.addToOrg(org, bob, "member");
  }

  @AfterAll
  void stop() throws InterruptedException {
    rest.close();
  }

  @Test
  void whatHappensIsStreamed() throws IOException {
    var room = roomOfBoth();
    try (var stream = new Stream(bob, null)) {
      stream.until("live");
      ann.say(room, "one");
      ann.say(room, "two");
      assertThat(stream.next().pos()).isEqualTo(4);
      assertThat(stream.next().pos()).isEqualTo(5);
    }
  }

  @Test
  void aStreamResumesWhereItEnded() throws IOException {
    var room = roomOfBoth();
    var other = roomOfBoth();
    String last;
    try (var stream = new Stream(bob, null)) {
      stream.until("live");
      ann.say(room, "one");
      last = stream.next().id();
    }
    ann.say(room, "two");
    ann.say(room, "three");
    ann.say(other, "elsewhere");
    try (var stream = new Stream(bob, last)) {
      var missed = stream.until("live");
      assertThat(missed)
          .extracting(frame -> frame.room() + " " + frame.pos())
          .containsExactlyInAnyOrder(room + " 5", room + " 6", other + " 4");
      ann.say(room, "four");
      assertThat(stream.next().pos()).isEqualTo(7);
    }
  }

  @Test
  void aLongBacklogComesWhole() throws IOException {
    var room = roomOfBoth();
    String last;
    try (var stream = new Stream(bob, null)) {
      stream.until("live");
      last = stream.lastId;
    }
    try (var threads = Executors.newFixedThreadPool(16)) {
      for (int i = 0; i < 620; i++) {
        threads.execute(() -> ann.say(room, "one of many"));
      }
    }
    try (var stream = new Stream(bob, last)) {
      var positions =
          stream.until("live").stream()
              .filter(frame -> frame.room().equals(room))
              .map(Frame::pos)
              .toList();
      assertThat(positions).hasSize(620).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void newRoomsComeAndRemovedOnesEnd() throws IOException {
    try (var stream = new Stream(bob, null)) {
      stream.until("live");
      var room = roomOfBoth();
      var joined = stream.next();
      assertThat(joined.type()).isEqualTo("reset");
      assertThat(joined.room()).isEqualTo(room);
      ann.say(room, "hi");
      assertThat(stream.next().pos()).isEqualTo(4);
      ann.expect(204, ann.send("DELETE", "/api/v1/rooms/" + room + "/members/" + bob.id()));
      ann.say(room, "he is gone");
      var left = stream.next();
      assertThat(left.type()).isEqualTo("reset");
      var next = roomOfBoth();
      assertThat(stream.next().room()).isEqualTo(next);
    }
  }

  @Test
  void aRoomWhoseNewsWasLostComesWithTheNextNews() throws IOException {
    try (var stream = new Stream(bob, null)) {
      stream.until("live");
      var told = roomOfBoth();
      assertThat(stream.next().room()).isEqualTo(told);
      var lost = ann.createRoom(org, "room", "private");
      // As another node does it whose news gets lost.
      new PostgresRoomStore(database, rest.ids, InstantSource.system())
          .addMember(
              new OrgId(UUID.fromString(org)),
              RoomId.of(lost),
              new UserId(ann.id()),
              new NewMember(new UserId(bob.id()), Role.MEMBER));
      var next = roomOfBoth();
      assertThat(List.of(stream.next().room(), stream.next().room())).containsExactly(lost, next);
    }
  }

  @Test
  void aResumedStreamTellsThatARoomIsGoneButNothingOfIt() throws IOException {
    var room = roomOfBoth();
    String last;
    try (var stream = new Stream(bob, null)) {
      stream.until("live");
      last = stream.lastId;
    }
    ann.say(room, "secret");
    ann.expect(204, ann.send("DELETE", "/api/v1/rooms/" + room + "/members/" + bob.id()));
    try (var stream = new Stream(bob, last)) {
      assertThat(stream.until("live"))
          .noneMatch(frame -> frame.room().equals(room))
          .extracting(Frame::data)
          .contains("{\"type\":\"reset\",\"reason\":\"access\"}");
    }
  }

  @Test
  void signingOutEndsTheStream() throws IOException {
    var carl = rest.user();
    try (var stream = new Stream(carl, null)) {
      stream.until("live");
      carl.expect(204, carl.send("POST", "/api/v1/auth/logout"));
      assertThat(stream.ends()).isTrue();
    }
  }

  @Test
  void aClientThatGoesLeavesNothingBehind() throws IOException {
    var carl = rest.user();
    try (var stream = new Stream(carl, null)) {
      stream.until("live");
      assertThat(rest.feeds.open()).isPositive();
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> rest.feeds.open() == 0);
  }

  @Test
  void aForeignCursorMeansToReadEverythingAnew() throws IOException {
    var room = roomOfBoth();
    for (var id : List.of("nonsense", "%%%", "AQID", "A".repeat(5_000))) {
      try (var stream = new Stream(bob, id)) {
        assertThat(stream.until("live"))
            .allMatch(frame -> frame.type().equals("reset"))
            .extracting(Frame::room)
            .contains("", room);
      }
    }
  }

  @Test
  void aDeviceThatWasSignedOutBeforeTheStreamBeganGetsNothing() throws InterruptedException {
    var feeds = rest.feeds;
    var account =
        new Principal.Account(
            new UserId("signed out"), new DeviceId(rest.ids.uuid()), "x", "parley", Instant.MAX);
    Runnable refused =
        () -> {
          throw Refusal.unauthorized("the token is not valid");
        };
    new Feed(account, Optional.empty(), refused, rest.feedSources, feeds)
        .run(
            text -> {
              throw new AssertionError(text);
            });
  }

  private String roomOfBoth() {
    var room = ann.createRoom(org, "room", "private");
    ann.addToRoom(room, bob);
    return room;
  }

  /// One event.
  private record Frame(String id, String data) {
    String type() {
      return data.replaceAll(".*\"type\":\"([^\"]*)\".*", "$1");
    }

    String room() {
      return data.contains("room_id") ? data.replaceAll(".*\"room_id\":\"([^\"]*)\".*", "$1") : "";
    }

    long pos() {
      return Long.parseLong(data.replaceAll(".*\"pos\":([0-9]+).*", "$1"));
    }
  }

  /// An open stream; the token goes into the query, as with a browser's EventSource.
  private final class Stream implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader reader;
    private String lastId = "";

    Stream(User user, String resumeAt) throws IOException {
      socket = new Socket("127.0.0.1", rest.http().port());
      socket.setSoTimeout(20_000);
      var resume = resumeAt == null ? "" : "Last-Event-ID: " + resumeAt + "\r\n";
      socket
          .getOutputStream()
          .write(
              ("GET /api/v1/events?token=%s HTTP/1.1\r\nHost: x\r\n%s\r\n"
                      .formatted(user.token(), resume))
                  .getBytes(StandardCharsets.US_ASCII));
      reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      assertThat(reader.readLine()).isEqualTo("HTTP/1.1 200 OK");
    }

    /// The events before the first of a type.
    List<Frame> until(String type) throws IOException {
      var before = new ArrayList<Frame>();
      for (var frame = next(); !frame.type().equals(type); frame = next()) {
        before.add(frame);
      }
      return before;
    }

    Frame next() throws IOException {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith("id: ")) {
          lastId = line.substring(4);
        }
        if (line.startsWith("data: ")) {
          return new Frame(lastId, line.substring(6));
        }
      }
      throw new IOException("the stream ended");
    }

    /// Whether the chunked body comes to its end.
    boolean ends() throws IOException {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.equals("0")) {
          return true;
        }
      }
      return true;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
