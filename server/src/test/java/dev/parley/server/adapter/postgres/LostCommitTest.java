package dev.parley.server.adapter.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.adapter.memory.MemoryEventBus;
import dev.parley.server.base.Ids;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.Ticker;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomKind;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.domain.org.Organization;
import dev.parley.server.domain.room.Room;
import dev.parley.server.domain.room.RoomLog;
import dev.parley.server.domain.room.RoomLog.Draft;
import dev.parley.server.domain.room.RoomLog.Outcome;
import dev.parley.server.domain.room.RoomStore.NewMember;
import dev.parley.server.testing.CuttingProxy;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What becomes of a message whose commit was made and whose answer was lost.
@ExtendWith(PostgresExtension.class)
final class LostCommitTest {
  private final Ids ids = new Ids(InstantSource.system(), new Random(7));
  private final UserId ann = UserId.account(ids.uuid());
  private final OrgId org = new OrgId(ids.uuid());
  private final RoomId room = new RoomId(ids.uuid());
  private final List<RoomEvent> heard = new CopyOnWriteArrayList<>();
  private final List<List<Long>> told = new CopyOnWriteArrayList<>();
  private final TestDatabase test;
  private final CuttingProxy proxy;
  private final Database database;
  private final PostgresRoomLog log;

  LostCommitTest(TestDatabase test) {
    this.test = test;
    var real = test.config();
    this.proxy = new CuttingProxy(new InetSocketAddress(real.host(), real.port()));
    var cut =
        new DatabaseConfig(
            "127.0.0.1",
            proxy.port(),
            real.database(),
            real.user(),
            real.password(),
            // So that each COMMIT can be read on the wire, not only a connection's first.
            Map.of("prepareThreshold", "0"),
            2,
            2);
    this.database = Database.open(cut, new Random(7), Telemetry.SILENT, Ticker.SYSTEM);
    var bus = new MemoryEventBus();
    bus.subscribe(new Heard());
    this.log = new PostgresRoomLog(database, bus, InstantSource.system(), Telemetry.SILENT);
  }

  @BeforeEach
  void found() {
    var now = InstantSource.system().instant();
    new PostgresOrgStore(database, ids, InstantSource.system())
        .create(new Organization(org, "Acme", Optional.empty(), ann, now), Optional.of(ann));
    new PostgresRoomStore(database, ids, InstantSource.system())
        .create(
            new Room(
                org,
                room,
                RoomKind.PRIVATE,
                Optional.empty(),
                "r",
                "",
                false,
                ann,
                now,
                new RoomLog.Head("e", 0, 0)),
            List.of(new NewMember(ann, Role.OWNER)));
  }

  @AfterEach
  void close() throws InterruptedException, IOException {
    log.close();
    database.close();
    proxy.close();
  }

  @Test
  void theSenderAndTheRoomHearOfItOnce() {
    proxy.cutTheNextCommit(() -> {});
    var outcome = send("once");
    assertThat(outcome).isInstanceOf(Outcome.Posted.class);
    var event = ((Outcome.Posted) outcome).event();
    assertThat(heard).containsExactly(event);
    assertThat(log.read(org, room, event.pos() - 1, 10)).containsExactly(event);
  }

  @Test
  void whatMayExistIsNeverCalledRejectedAndTheLaneGoesOn() {
    proxy.cutTheNextCommit(
        () -> test.execute("revoke execute on function parley.append_messages from parley_log"));
    assertThat(send("whatever becomes of it")).isInstanceOf(Outcome.Unknown.class);
    test.execute("grant execute on function parley.append_messages to parley_log");
    await().until(() -> send("after") instanceof Outcome.Posted);
  }

  @Test
  void whatWasSentAgainIsToldInTheOrderOfTheLogAndWithoutHoles() {
    var early = draft("early");
    long first = ((Outcome.Posted) send(early)).event().pos();
    var again = new CompletableFuture<Outcome>();
    told.clear();
    // The lane itself runs this, so that both wait for it and become one batch.
    log.append(
        draft("between"),
        _ -> {
          proxy.cutTheNextCommit(() -> {});
          log.append(draft("late"), _ -> {});
          log.append(early, again::complete);
        });
    assertThat(again.join()).isInstanceOf(Outcome.Posted.class);
    assertThat(told).containsExactly(List.of(first + 1), List.of(first), List.of(first + 2));
  }

  private Outcome send(String content) {
    return send(draft(content));
  }

  private Outcome send(Draft draft) {
    var outcome = new CompletableFuture<Outcome>();
    log.append(draft, outcome::complete);
    return outcome.join();
  }

  private Draft draft(String content) {
    return new Draft(
        org, room, ann, ids.uuid(), content, OptionalLong.empty(), List.of(), true, List.of());
  }

  private final class Heard implements EventBus.Listener {
    @Override
    public void onRoomEvents(RoomId where, List<RoomEvent> events) {
      heard.addAll(events);
      told.add(events.stream().map(RoomEvent::pos).toList());
    }

    @Override
    public void onUserEvent(UserEvent event) {}

    @Override
    public void onEphemeral(EphemeralEvent event) {}
  }
}
