package dev.parley.server.compat.gochat;

import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.gateway.Dialect;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// What the sockets of a room hear: the five frames of the README, and more only if they asked.
///
/// @param clock says when those things happened that are not kept
/// @param more whether the client wants to hear of edits, deletions, reactions and presence too
record GoChatDialect(InstantSource clock, boolean more) implements Dialect {
  /// What comes and goes between the sockets of a room.
  static final String JOIN = "join";

  static final String LEAVE = "leave";

  @Override
  public List<byte[]> encode(RoomEvent event) {
    return switch (event) {
      case RoomEvent.MessagePosted message -> frames(GoChatFrame.of(message));
      case RoomEvent.MessageEdited edited -> ifWanted(GoChatFrame.edited(edited));
      case RoomEvent.MessageDeleted deleted -> ifWanted(GoChatFrame.deleted(deleted));
      case RoomEvent.Reacted reacted -> ifWanted(GoChatFrame.reacted(reacted));
      case RoomEvent.Pinned _ -> List.of();
      case RoomEvent.MemberJoined _ -> List.of();
      case RoomEvent.MemberLeft _ -> List.of();
      case RoomEvent.MemberRoleChanged _ -> List.of();
      case RoomEvent.RoomChanged _ -> List.of();
    };
  }

  @Override
  public List<byte[]> encode(EphemeralEvent event) {
    return switch (event) {
      case EphemeralEvent.Typing(var room, var user, var active) -> {
        var frame = GoChatFrame.typing(user, room, active, clock.instant());
        // To a client that knows no more, every such frame means that somebody types.
        yield active ? List.of(frame.bytes()) : ifWanted(frame);
      }
      case EphemeralEvent.Read(var room, var user, var messageId, _) ->
          List.of(GoChatFrame.read(user, room, messageId, clock.instant()).bytes());
      case EphemeralEvent.Signal signal -> encode(signal);
      case EphemeralEvent.PresenceChanged(var user, var online, var at, _) ->
          ifWanted(GoChatFrame.presence(user, online, at));
      case EphemeralEvent.Received _ -> List.of();
      case EphemeralEvent.AccessReduced _ -> List.of();
      case EphemeralEvent.SignedOut _ -> List.of();
    };
  }

  @Override
  public boolean echo() {
    return true;
  }

  @Override
  public boolean pulls() {
    return false;
  }

  private List<byte[]> encode(EphemeralEvent.Signal signal) {
    boolean known = signal.kind().equals(JOIN) || signal.kind().equals(LEAVE);
    return known
        ? List.of(
            GoChatFrame.act(signal.kind(), signal.user(), signal.room(), clock.instant()).bytes())
        : List.of();
  }

  private List<byte[]> ifWanted(GoChatFrame frame) {
    return more ? List.of(frame.bytes()) : List.of();
  }

  private static List<byte[]> frames(Optional<GoChatFrame> frame) {
    return frame.map(GoChatFrame::bytes).stream().toList();
  }
}
