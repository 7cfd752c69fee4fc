package dev.parley.server.gateway;

import dev.parley.protocol.EventCodec;
import dev.parley.protocol.ServerEvent;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.RoomEvent.MemberJoined;
import dev.parley.server.domain.event.RoomEvent.MemberLeft;
import dev.parley.server.domain.event.RoomEvent.MemberRoleChanged;
import dev.parley.server.domain.event.RoomEvent.MessageDeleted;
import dev.parley.server.domain.event.RoomEvent.MessageEdited;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.domain.event.RoomEvent.Pinned;
import dev.parley.server.domain.event.RoomEvent.Reacted;
import dev.parley.server.domain.event.RoomEvent.RoomChanged;
import dev.parley.server.domain.event.UserEvent;
import java.util.List;
import java.util.Locale;

/// The native dialect, `parley.v1`: every event is one frame, the same for everybody.
public enum NativeDialect implements Dialect {
  INSTANCE;

  @Override
  public List<byte[]> encode(RoomEvent event) {
    return List.of(EventCodec.encode(present(event)));
  }

  @Override
  public List<byte[]> encode(EphemeralEvent event) {
    return switch (event) {
      case EphemeralEvent.Typing(var room, var user, var active) ->
          List.of(EventCodec.encode(new ServerEvent.Typing(room.toString(), user.value(), active)));
      case EphemeralEvent.Read(var room, var user, var messageId, var seq) ->
          List.of(
              EventCodec.encode(
                  new ServerEvent.Read(room.toString(), user.value(), messageId, seq)));
      case EphemeralEvent.PresenceChanged(var user, var online, var at, _) ->
          List.of(EventCodec.encode(new ServerEvent.Presence(user.value(), online, at)));
      case EphemeralEvent.Signal signal -> encode(signal);
      case EphemeralEvent.AccessReduced reduced -> List.of();
      case EphemeralEvent.Received received -> List.of();
      case EphemeralEvent.SignedOut signedOut -> List.of();
    };
  }

  /// Of what other kinds of clients tell each other, typing means something here.
  private static List<byte[]> encode(EphemeralEvent.Signal signal) {
    boolean typing = signal.kind().equals("typing") && signal.to().isEmpty();
    return typing
        ? List.of(
            EventCodec.encode(
                new ServerEvent.Typing(signal.room().toString(), signal.user().value(), true)))
        : List.of();
  }

  @Override
  public boolean echo() {
    return true;
  }

  @Override
  public boolean pulls() {
    return true;
  }

  /// An event of the user's own log in the words of the protocol; also what SSE shows.
  public static ServerEvent.Mine present(UserEvent event) {
    return switch (event) {
      case UserEvent.RoomJoined e -> new ServerEvent.RoomJoined(e.pos(), e.room().toString());
      case UserEvent.RoomLeft e ->
          new ServerEvent.RoomLeft(
              e.pos(), e.room().toString(), e.reason().name().toLowerCase(Locale.ROOT));
      case UserEvent.ReadMoved e ->
          new ServerEvent.ReadMarker(e.pos(), e.room().toString(), e.messageId(), e.seq());
      case UserEvent.TaskDue e ->
          new ServerEvent.TaskDue(
              e.pos(), e.org().toString(), e.task().toString(), e.title(), e.dueAt());
    };
  }

  /// A room event in the words of the protocol; also what REST and SSE show.
  public static ServerEvent.InRoom present(RoomEvent event) {
    var room = event.room().toString();
    long pos = event.pos();
    var user = event.actor().value();
    var at = event.stamp().at();
    return switch (event) {
      case MessagePosted m ->
          new ServerEvent.Message(
              room,
              pos,
              m.seq(),
              m.messageId(),
              m.op(),
              user,
              m.content().orElse(null),
              m.threadId().isPresent() ? m.threadId().getAsLong() : null,
              m.attachments(),
              at);
      case MessageEdited m ->
          new ServerEvent.Edited(room, pos, user, m.messageId(), m.content().orElse(null), at);
      case MessageDeleted m -> new ServerEvent.Deleted(room, pos, user, m.messageId(), at);
      case Reacted r ->
          new ServerEvent.Reacted(room, pos, user, r.messageId(), r.emoji(), r.added(), at);
      case Pinned p -> new ServerEvent.Pinned(room, pos, user, p.messageId(), p.added(), at);
      case MemberJoined m ->
          new ServerEvent.MemberJoined(room, pos, user, m.member().value(), m.role(), at);
      case MemberLeft m ->
          new ServerEvent.MemberLeft(
              room, pos, user, m.member().value(), m.reason().name().toLowerCase(Locale.ROOT), at);
      case MemberRoleChanged m ->
          new ServerEvent.MemberRole(room, pos, user, m.member().value(), m.role(), at);
      case RoomChanged r ->
          new ServerEvent.RoomChanged(room, pos, user, r.name(), r.topic(), r.archived(), at);
    };
  }
}
