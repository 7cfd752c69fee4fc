package dev.parley.server.domain.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.base.Ids;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.domain.room.RoomLog.Draft;
import dev.parley.server.domain.room.RoomLog.Outcome;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every [RoomLog] promises: C1 to C3 of docs/protocol.
public abstract class RoomLogContract {
  protected final Ids ids = new Ids(InstantSource.system(), new Random(7));
  protected final UserId ann = UserId.account(ids.uuid());
  protected final UserId bob = UserId.account(ids.uuid());
  protected OrgId org;
  protected RoomId room;

  /// The log to be tried.
  protected abstract RoomLog log();

  /// Makes an organization of ann's.
  protected abstract void makeOrg(OrgId id);

  /// Makes a room of the organization with these members, the first of whom is ann.
  protected abstract RoomId makeRoom(String name, UserId... members);

  @BeforeEach
  final void makeRooms() {
    org = new OrgId(ids.uuid());
    makeOrg(org);
    room = makeRoom("general", ann, bob);
  }

  @Test
  void numbersMessagesDenselyAndInOrder() {
    long before = log().head(org, room).pos();
    var outcomes =
        sendAll(IntStream.range(0, 1_000).mapToObj(i -> draft(room, ann, "m" + i)).toList());
    var posted = outcomes.stream().map(RoomLogContract::posted).toList();
    assertThat(posted.stream().map(MessagePosted::seq))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 1_000).boxed().toList());
    assertThat(posted.stream().map(MessagePosted::pos))
        .containsExactlyElementsOf(
            LongStream.rangeClosed(before + 1, before + 1_000).boxed().toList());
    assertThat(posted.stream().map(MessagePosted::messageId)).isSorted();
    assertThat(log().head(org, room))
        .extracting(RoomLog.Head::pos, RoomLog.Head::seq)
        .containsExactly(before + 1_000, 1_000L);
  }

  @Test
  void whatIsReadIsWhatWasPosted() {
    long before = log().head(org, room).pos();
    var posted =
        sendAll(IntStream.range(0, 20).mapToObj(i -> draft(room, ann, "m" + i)).toList()).stream()
            .map(RoomLogContract::posted)
            .toList();
    assertThat(log().read(org, room, before, 100)).isEqualTo(posted);
  }

  @Test
  void theSameOpIsPostedOnce() {
    var draft = draft(room, ann, "once");
    var first = posted(send(draft));
    var again = send(draft);
    assertThat(again).isEqualTo(new Outcome.Posted(first, true));
    assertThat(log().head(org, room).seq()).isEqualTo(1);
  }

  @Test
  void theSameOpInOneBatchIsPostedOnce() {
    var draft = draft(room, ann, "once");
    var outcomes = sendAll(List.of(draft, draft, draft(room, ann, "other"), draft));
    assertThat(outcomes.stream().map(RoomLogContract::posted).map(MessagePosted::seq))
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
    assertThat(log().head(org, room).seq()).isZero();
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
    var other = makeRoom("random", ann, bob);
    var outcomes =
        sendAll(
            IntStream.range(0, 200)
                .mapToObj(i -> draft(i % 2 == 0 ? room : other, ann, "m" + i))
                .toList());
    for (var each : List.of(room, other)) {
      assertThat(
              outcomes.stream()
                  .map(RoomLogContract::posted)
                  .filter(event -> event.room().equals(each))
                  .map(MessagePosted::seq))
          .containsExactlyElementsOf(LongStream.rangeClosed(1, 100).boxed().toList());
    }
  }

  protected final Draft draft(RoomId where, UserId sender, String content) {
    UUID op = ids.uuid();
    return new Draft(
        org, where, sender, op, content, OptionalLong.empty(), List.of(), true, List.of());
  }

  protected final CompletableFuture<Outcome> start(Draft draft) {
    var outcome = new CompletableFuture<Outcome>();
    log().append(draft, outcome::complete);
    return outcome;
  }

  protected final Outcome send(Draft draft) {
    return start(draft).join();
  }

  protected final List<Outcome> sendAll(List<Draft> drafts) {
    return drafts.stream().map(this::start).toList().stream().map(CompletableFuture::join).toList();
  }

  protected static MessagePosted posted(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Posted.class);
    return ((Outcome.Posted) outcome).event();
  }

  protected static Refusal refusal(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused) outcome).refusal();
  }
}
