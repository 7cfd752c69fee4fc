package dev.parley.server.adapter.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.parley.server.adapter.memory.MemoryEventBus;
import dev.parley.server.base.Ids;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomKind;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.RoomEvent.LeaveReason;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.domain.org.Organization;
import dev.parley.server.domain.room.Room;
import dev.parley.server.domain.room.RoomLog.Draft;
import dev.parley.server.domain.room.RoomLog.Head;
import dev.parley.server.domain.room.RoomLog.Outcome;
import dev.parley.server.domain.room.RoomStore.NewMember;
import dev.parley.server.testing.PostgresExtension;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The promises of the room log on the real thing: C1 to C3 of docs/protocol.
@ExtendWith(PostgresExtension.class)
final class PostgresRoomLogTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-21T10:00:00Z"));

  private final Ids ids = new Ids(InstantSource.system(), new Random(7));
  private final UserId ann = UserId.account(ids.uuid());
  private final UserId bob = UserId.account(ids.uuid());
  private final Database database;
  private final PostgresRoomStore rooms;
  private PostgresRoomLog log;
  private OrgId org;
  private RoomId room;

  PostgresRoomLogTest(Database database) {
    this.database = database;
    this.rooms = new PostgresRoomStore(database, ids, CLOCK);
  }

  @BeforeEach
  void open() {
    log = new PostgresRoomLog(database, new MemoryEventBus(), CLOCK);
    org = new OrgId(ids.uuid());
    var orgs = new PostgresOrgStore(database, ids, CLOCK);
    orgs.create(
        new Organization(org, "Acme", Optional.empty(), ann, CLOCK.instant()), Optional.of(ann));
    room = room("general", ann, bob);
  }

  @AfterEach
  void close() throws InterruptedException {
    log.close();
  }

  @Test
  void numbersMessagesDenselyAndInOrder() {
    var outcomes =
        sendAll(IntStream.range(0, 1_000).mapToObj(i -> draft(room, ann, "m" + i)).toList());
    var posted = outcomes.stream().map(PostgresRoomLogTest::posted).toList();
    assertThat(posted.stream().map(MessagePosted::seq))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 1_000).boxed().toList());
    // The room's own creation and two members come before.
    assertThat(posted.stream().map(MessagePosted::pos))
        .containsExactlyElementsOf(LongStream.rangeClosed(4, 1_003).boxed().toList());
    assertThat(posted.stream().map(MessagePosted::messageId)).isSorted();
    assertThat(log.head(org, room))
        .extracting(Head::pos, Head::seq)
        .containsExactly(1_003L, 1_000L);
  }

  @Test
  void whatIsReadIsWhatWasPosted() {
    var posted =
        sendAll(IntStream.range(0, 20).mapToObj(i -> draft(room, ann, "m" + i)).toList()).stream()
            .map(PostgresRoomLogTest::posted)
            .toList();
    assertThat(log.read(org, room, 3, 100)).isEqualTo(posted);
  }

  @Test
  void theSameOpIsPostedOnce() {
    var draft = draft(room, ann, "once");
    var first = posted(send(draft));
    var again = send(draft);
    assertThat(again).isEqualTo(new Outcome.Posted(first, true));
    assertThat(log.head(org, room).seq()).isEqualTo(1);
  }

  @Test
  void theSameOpInOneBatchIsPostedOnce() {
    var draft = draft(room, ann, "once");
    var outcomes = sendAll(List.of(draft, draft, draft(room, ann, "other"), draft));
    assertThat(outcomes.stream().map(PostgresRoomLogTest::posted).map(MessagePosted::seq))
        .containsExactly(1L, 1L, 2L, 1L);
    assertThat(outcomes.stream().map(o -> ((Outcome.Posted) o).duplicate()).toList())
        .isEqualTo(List.of(false, true, false, true));
  }

  @Test
  void theSameOpWithAnotherBodyIsRefused() {
    var draft = draft(room, ann, "once");
    send(draft);
    var other =
        new Draft(
            org, room, ann, draft.op(), "twice", OptionalLong.empty(), List.of(), true, List.of());
    assertThat(refusal(send(other))).isInstanceOf(Refusal.IdempotencyMismatch.class);
  }

  @Test
  void theSameOpOfAnotherSenderIsAnotherMessage() {
    var draft = draft(room, ann, "mine");
    send(draft);
    var theirs =
        new Draft(
            org, room, bob, draft.op(), "theirs", OptionalLong.empty(), List.of(), true, List.of());
    assertThat(posted(send(theirs)).seq()).isEqualTo(2);
  }

  @Test
  void strangersPostNothing() {
    var eve = UserId.account(ids.uuid());
    assertThat(refusal(send(draft(room, eve, "hi")))).isInstanceOf(Refusal.Forbidden.class);
    assertThat(log.head(org, room).seq()).isZero();
  }

  @Test
  void whoWasSentAwayPostsNothingMore() {
    send(draft(room, bob, "still here"));
    rooms.endMembership(org, room, ann, bob, LeaveReason.REMOVED);
    assertThat(refusal(send(draft(room, bob, "too late")))).isInstanceOf(Refusal.Forbidden.class);
  }

  @Test
  void aRoomOfAnotherOrganizationDoesNotExist() {
    var elsewhere = new OrgId(ids.uuid());
    var draft =
        new Draft(
            elsewhere,
            room,
            ann,
            ids.uuid(),
            "hi",
            OptionalLong.empty(),
            List.of(),
            false,
            List.of());
    assertThat(refusal(send(draft))).isInstanceOf(Refusal.NotFound.class);
  }

  @Test
  void messagesOfManyRoomsInOneBatchAreNumberedByRoom() {
    var other = room("random", ann, bob);
    var outcomes =
        sendAll(
            IntStream.range(0, 200)
                .mapToObj(i -> draft(i % 2 == 0 ? room : other, ann, "m" + i))
                .toList());
    for (var each : List.of(room, other)) {
      assertThat(
              outcomes.stream()
                  .map(PostgresRoomLogTest::posted)
                  .filter(event -> event.room().equals(each))
                  .map(MessagePosted::seq))
          .containsExactlyElementsOf(LongStream.rangeClosed(1, 100).boxed().toList());
    }
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
    var second = new PostgresRoomLog(database, new MemoryEventBus(), CLOCK);
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
            .map(PostgresRoomLogTest::posted)
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

  private RoomId room(String name, UserId... members) {
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

  private Draft draft(RoomId where, UserId sender, String content) {
    UUID op = ids.uuid();
    return new Draft(
        org, where, sender, op, content, OptionalLong.empty(), List.of(), true, List.of());
  }

  private CompletableFuture<Outcome> start(Draft draft) {
    var outcome = new CompletableFuture<Outcome>();
    log.append(draft, outcome::complete);
    return outcome;
  }

  private Outcome send(Draft draft) {
    return start(draft).join();
  }

  private List<Outcome> sendAll(List<Draft> drafts) {
    return drafts.stream().map(this::start).toList().stream().map(CompletableFuture::join).toList();
  }

  private static MessagePosted posted(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Posted.class);
    return ((Outcome.Posted) outcome).event();
  }

  private static Refusal refusal(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused) outcome).refusal();
  }
}
