package dev.parley.server.domain.event;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.TaskId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.RoomEvent.LeaveReason;
import dev.parley.server.domain.event.RoomEvent.Stamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// At least one of each kind of event, with nothing left at its default.
public final class EventSamples {
  public static final RoomId ROOM = new RoomId(new UUID(11, 12));
  public static final UserId ANN = UserId.account(new UUID(21, 22));
  private static final OrgId ORG = new OrgId(new UUID(1, 2));
  private static final UserId BOB = UserId.open("ws", "bob ü");
  private static final DeviceId DEVICE = new DeviceId(new UUID(31, 32));

  private EventSamples() {}

  private static Stamp stamp(RoomId room, long pos) {
    return new Stamp(ORG, room, pos, Instant.parse("2026-11-21T10:00:00.123456Z"));
  }

  /// A message with this content.
  public static RoomEvent message(RoomId room, long pos, String content) {
    return new RoomEvent.MessagePosted(
        stamp(room, pos),
        BOB,
        pos,
        1_000 + pos,
        new UUID(41, pos),
        Optional.of(content),
        OptionalLong.of(7),
        List.of("file one", "file two"),
        Map.of("recipient_id", "bob", "to_all", "1"));
  }

  /// Events 1, 2, 3 … of one room, of all kinds.
  public static List<RoomEvent> room(RoomId room) {
    var events = new ArrayList<RoomEvent>();
    events.add(new RoomEvent.RoomChanged(stamp(room, 1), ANN, "Name", "Topic 🙂", true));
    events.add(new RoomEvent.MemberJoined(stamp(room, 2), ANN, BOB, "member"));
    events.add(message(room, 3, "hello ü 🙂\n"));
    events.add(
        new RoomEvent.MessagePosted(
            stamp(room, 4),
            ANN,
            2,
            1_004,
            new UUID(41, 4),
            Optional.empty(),
            OptionalLong.empty(),
            List.of(),
            Map.of()));
    events.add(new RoomEvent.MessageEdited(stamp(room, 5), ANN, 1_003, Optional.of("better")));
    events.add(new RoomEvent.MessageEdited(stamp(room, 6), ANN, 1_003, Optional.empty()));
    events.add(new RoomEvent.MessageDeleted(stamp(room, 7), ANN, 1_003));
    events.add(new RoomEvent.Reacted(stamp(room, 8), ANN, 1_004, "🙂", true));
    events.add(new RoomEvent.Pinned(stamp(room, 9), ANN, 1_004, true));
    events.add(new RoomEvent.MemberRoleChanged(stamp(room, 10), ANN, BOB, "admin"));
    events.add(new RoomEvent.MemberLeft(stamp(room, 11), ANN, BOB, LeaveReason.BANNED));
    return events;
  }

  /// Events of a user's own log, of all kinds.
  public static List<UserEvent> user() {
    return List.of(
        new UserEvent.RoomJoined(ANN, 1, ORG, ROOM, 2),
        new UserEvent.ReadMoved(ANN, 2, ORG, ROOM, 1_003, 1),
        new UserEvent.RoomLeft(ANN, 3, ORG, ROOM, LeaveReason.REMOVED),
        new UserEvent.TaskDue(
            ANN,
            4,
            ORG,
            new TaskId(new UUID(51, 52)),
            "Water the plants",
            Instant.parse("2026-11-21T10:00:00Z")));
  }

  /// What is not kept, of all kinds.
  public static List<EphemeralEvent> passing() {
    return List.of(
        new EphemeralEvent.Typing(ROOM, ANN, true),
        new EphemeralEvent.Read(ROOM, ANN, 1_003, 1),
        new EphemeralEvent.PresenceChanged(
            ANN, true, Instant.parse("2026-11-21T10:00:00.123456Z"), List.of(ROOM)),
        new EphemeralEvent.Received(ROOM, BOB, 3, 5),
        new EphemeralEvent.Signal(
            ROOM, ANN, "ann", "typing", "{\"on\":true}", Optional.of(BOB), false),
        new EphemeralEvent.Signal(ROOM, ANN, "ann", "join", "null", Optional.empty(), true),
        new EphemeralEvent.AccessReduced(ORG, ANN),
        new EphemeralEvent.SignedOut(ANN, Optional.of(DEVICE), Optional.empty()),
        new EphemeralEvent.SignedOut(BOB, Optional.empty(), Optional.of(DEVICE)));
  }
}
