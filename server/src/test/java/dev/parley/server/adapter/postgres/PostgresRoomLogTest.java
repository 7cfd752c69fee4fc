package dev.parley.server.adapter.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.parley.server.adapter.memory.MemoryEventBus;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomKind;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.RoomEvent.LeaveReason;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.domain.org.Organization;
import dev.parley.server.domain.room.Room;
import dev.parley.server.domain.room.RoomLog;
import dev.parley.server.domain.room.RoomLog.Head;
import dev.parley.server.domain.room.RoomLog.Outcome;
import dev.parley.server.domain.room.RoomLogContract;
import dev.parley.server.domain.room.RoomStore.NewMember;
import dev.parley.server.testing.PostgresExtension;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The promises of the room log on the real thing, and those that only the real thing makes.
@ExtendWith(PostgresExtension.class)
final class PostgresRoomLogTest extends RoomLogContract {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-21T10:00:00Z"));

  private final Database database;
  private final PostgresRoomStore rooms;
  private PostgresRoomLog log;

  PostgresRoomLogTest(Database database) {
    this.database = database;
    this.rooms = new PostgresRoomStore(database, ids, CLOCK);
  }

  @Override
  protected RoomLog log() {
    return log;
  }

  @Override
  protected void makeOrg(OrgId id) {
    log = new PostgresRoomLog(database, new MemoryEventBus(), CLOCK, Telemetry.SILENT);
    var orgs = new PostgresOrgStore(database, ids, CLOCK);
    orgs.create(
        new Organization(id, "Acme", Optional.empty(), ann, CLOCK.instant()), Optional.of(ann));
  }

  @AfterEach
  void close() throws InterruptedException {
    log.close();
  }

  @Test
  void whoWasSentAwayPostsNothingMore() {
    send(draft(room, bob, "still here"));
    rooms.endMembership(org, room, ann, bob, LeaveReason.REMOVED);
    assertThat(refusal(send(draft(room, bob, "too late")))).isInstanceOf(Refusal.Forbidden.class);
  }

  @Test
  void otherEventsAndMessagesShareOneOrderWithoutHoles() {
    var messages = new PostgresMessageStore(database, CLOCK);
    var pending = new ArrayList<CompletableFuture<Outcome>>();
    var first = posted(send(draft(room, ann, "first")));
    for (int i = 0; i < 50; i++) {
      pending.add(start(draft(room, ann, "m" + i)));
      messages.react(org, room, bob, first.messageId(), "e" + i, true);
    }
    pending.forEach(CompletableFuture::join);
    var all = log.read(org, room, 0, 500);
    assertThat(all.stream().map(RoomEvent::pos))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 104).boxed().toList());
    assertThat(all.stream().map(e -> e.stamp().at())).isSorted();
  }

  @Test
  void twoNodesWriteOneOrder() throws InterruptedException {
    var second = new PostgresRoomLog(database, new MemoryEventBus(), CLOCK, Telemetry.SILENT);
    var pending = new ArrayList<CompletableFuture<Outcome>>();
    for (int i = 0; i < 500; i++) {
      pending.add(start(draft(room, ann, "a" + i)));
      var other = new CompletableFuture<Outcome>();
      second.append(draft(room, bob, "b" + i), other::complete);
      pending.add(other);
    }
    var seqs =
        pending.stream()
            .map(CompletableFuture::join)
            .map(RoomLogContract::posted)
            .map(MessagePosted::seq)
            .sorted()
            .toList();
    second.close();
    assertThat(seqs).containsExactlyElementsOf(LongStream.rangeClosed(1, 1_000).boxed().toList());
  }

  @Test
  void theLogWriterCanDoNothingElse() {
    assertThat(
            catchThrowable(
                () ->
                    database.log(
                        tx ->
                            tx.update(
                                "update parley.room set name = 'x' where room_id = ?",
                                room.value()))))
        .hasMessageContaining("permission denied");
    assertThat(catchThrowable(() -> database.log(tx -> tx.update("delete from parley.room_event"))))
        .hasMessageContaining("permission denied");
  }

  @Override
  protected RoomId makeRoom(String name, UserId... members) {
    var id = new RoomId(ids.uuid());
    rooms.create(
        new Room(
            org,
            id,
            RoomKind.PRIVATE,
            Optional.empty(),
            name,
            "",
            false,
            ann,
            CLOCK.instant(),
            new Head(ids.epoch(), 0, 0)),
        Arrays.stream(members)
            .map(user -> new NewMember(user, user.equals(ann) ? Role.OWNER : Role.MEMBER))
            .toList());
    return id;
  }
}
