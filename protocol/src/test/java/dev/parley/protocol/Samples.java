package dev.parley.protocol;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/// At least one sample of every command and event; [CodecRoundTripTest] fails for a record without.
final class Samples {
  private static final UUID OP = UUID.fromString("0198f7a2-1111-7222-8333-444455556666");
  private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456Z");

  private Samples() {}

  static Stream<ClientCommand> commands() {
    return Stream.of(
        new ClientCommand.Hello(0, null, null, null, null, null, Map.of()),
        new ClientCommand.Hello(
            1,
            "token",
            "device",
            "web",
            new Cursor("k3", 8121),
            "m1",
            Map.of("r1", new Cursor("k3", 551), "r2", new Cursor("k3", 0))),
        new ClientCommand.Send(17, "r1", OP, "hello @ann \uD83D\uDE00\n\"\\", 9001L, List.of("f1")),
        new ClientCommand.Send(0, "r1", null, "", null, List.of()),
        new ClientCommand.Ack(0, 8131L, Map.of("r1", 561L)),
        new ClientCommand.Ack(2, null, Map.of()),
        new ClientCommand.Read(18, "r1", 9002),
        new ClientCommand.Typing(0, "r1", true),
        new ClientCommand.Typing(0, "r1", false),
        new ClientCommand.Join(19, "r1"),
        new ClientCommand.Leave(20, "r1"),
        new ClientCommand.Edit(21, "r1", 9002, "new"),
        new ClientCommand.Delete(22, "r1", 9002),
        new ClientCommand.React(23, "r1", 9002, "👍"),
        new ClientCommand.Unreact(24, "r1", 9002, "👍"),
        new ClientCommand.Pin(25, "r1", 9002),
        new ClientCommand.Unpin(26, "r1", 9002),
        new ClientCommand.Pull(27, "r1", 561, 200),
        new ClientCommand.Pong(0, null),
        new ClientCommand.Pong(0, new ClientCommand.Ack(0, 8131L, Map.of("r1", 561L))),
        new ClientCommand.Auth(28, "token"));
  }

  static Stream<ServerEvent> events() {
    return Stream.of(inRoom(), aboutMe(), ofSession()).flatMap(List::stream);
  }

  private static List<ServerEvent> inRoom() {
    var max = (1L << 53) - 1;
    return List.of(
        new ServerEvent.Message("r", 561, 403, max, OP, "u", "hi\u2028", 9001L, List.of("f"), AT),
        new ServerEvent.Message("r", 1, 1, 1, null, "u", null, null, List.of(), AT),
        new ServerEvent.Edited("r", 562, "u", 9002, "new", AT),
        new ServerEvent.Edited("r", 562, "u", 9002, null, AT),
        new ServerEvent.Deleted("r", 563, "u", 9002, AT),
        new ServerEvent.Reacted("r", 564, "u", 9002, "👍", true, AT),
        new ServerEvent.Reacted("r", 565, "u", 9002, "👍", false, AT),
        new ServerEvent.Pinned("r", 566, "u", 9002, true, AT),
        new ServerEvent.Pinned("r", 567, "u", 9002, false, AT),
        new ServerEvent.MemberJoined("r", 568, "u", "v", "member", AT),
        new ServerEvent.MemberLeft("r", 569, "u", "v", "removed", AT),
        new ServerEvent.MemberRole("r", 570, "u", "v", "moderator", AT),
        new ServerEvent.RoomChanged("r", 571, "u", "general", "", true, AT));
  }

  private static List<ServerEvent> aboutMe() {
    return List.of(
        new ServerEvent.RoomJoined(1, "r"),
        new ServerEvent.RoomLeft(2, "r", "banned"),
        new ServerEvent.ReadMarker(3, "r", 9002, 403),
        new ServerEvent.TaskDue(4, "o", "t", "Pay the rent", AT),
        new ServerEvent.Typing("r", "u", true),
        new ServerEvent.Typing("r", "u", false),
        new ServerEvent.Presence("u", true, AT),
        new ServerEvent.Presence("u", false, AT),
        new ServerEvent.Read("r", "u", 9002, 403));
  }

  private static List<ServerEvent> ofSession() {
    var room = new ServerEvent.InboxRoom("r", "o", "public", "general", "k3", 560, 402, 398, 4, 1);
    var events = new ArrayList<ServerEvent>();
    events.add(
        new ServerEvent.Welcome(
            1, "s", "u", 25_000, AT, Map.of("rooms", 7L), 300, 20_000, new Cursor("k3", 8121)));
    events.add(
        new ServerEvent.Welcome(
            0, "s", "u", 25_000, null, Map.of(), 300, 20_000, new Cursor("k3", 0)));
    events.add(new ServerEvent.Inbox(List.of(room, room), "m2", true));
    events.add(new ServerEvent.Inbox(List.of(), "", false));
    events.add(new ServerEvent.Live(8130L, Map.of("r", 560L)));
    events.add(new ServerEvent.Live(null, Map.of()));
    events.add(new ServerEvent.Ok(17, "r", 9002L, 403L, 561L, AT, AT, true, true));
    events.add(ServerEvent.Ok.plain(18));
    events.add(new ServerEvent.Behind("r", 1400, 900));
    events.add(new ServerEvent.Reset("r", "k4", "retention"));
    events.add(new ServerEvent.Ping());
    events.add(new ServerEvent.Expiring(60_000));
    events.add(new ServerEvent.Drain(20_000));
    for (var code : ErrorCode.values()) {
      events.add(new ServerEvent.Failure(17, code, code.advice(), 1_200L));
    }
    events.add(new ServerEvent.Failure(0, ErrorCode.BUSY, "", null));
    return events;
  }
}
