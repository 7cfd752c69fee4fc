package dev.parley.server.gateway;

import dev.parley.protocol.ClientCommand;
import dev.parley.protocol.ClientCommand.Delete;
import dev.parley.protocol.ClientCommand.Edit;
import dev.parley.protocol.ClientCommand.Join;
import dev.parley.protocol.ClientCommand.Leave;
import dev.parley.protocol.ClientCommand.Pin;
import dev.parley.protocol.ClientCommand.Pull;
import dev.parley.protocol.ClientCommand.React;
import dev.parley.protocol.ClientCommand.Read;
import dev.parley.protocol.ClientCommand.Send;
import dev.parley.protocol.ClientCommand.Typing;
import dev.parley.protocol.ClientCommand.Unpin;
import dev.parley.protocol.ClientCommand.Unreact;
import dev.parley.protocol.EventCodec;
import dev.parley.protocol.ServerEvent;
import dev.parley.protocol.ServerEvent.Ok;
import dev.parley.server.base.Limits;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.RoomId;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.domain.message.NewMessage;
import dev.parley.server.domain.room.RoomLog.Outcome;
import java.util.OptionalLong;
import java.util.UUID;

/// Runs the commands of one open session that are about rooms. The policy of each decides which
/// proof of permission it gets.
final class CommandRouter {
  private final NativeServices services;
  private final Connection connection;
  private final OpenRooms open;

  CommandRouter(NativeServices services, Connection connection, OpenRooms open) {
    this.services = services;
    this.connection = connection;
    this.open = open;
  }

  /// Runs a command about a room.
  void route(ClientCommand.OnRoom command) {
    try {
      route(command, RoomId.of(command.roomId()));
    } catch (RefusedException e) {
      if (!(command instanceof Send send) || !answerSentBefore(send)) {
        throw e;
      }
    }
  }

  private void route(ClientCommand.OnRoom command, RoomId room) {
    var access = access(command, room);
    switch (command) {
      case Send send -> send(access, send);
      case Typing typing -> services.members().typing(access, typing.active());
      case Join join -> join(access, join);
      case Pull pull -> pull(access, pull);
      case Leave leave -> {
        services.members().leave(access);
        done(leave.id());
      }
      case Read read -> {
        services.members().read(access, read.messageId());
        done(read.id());
      }
      case Edit edit -> {
        services.messages().edit(access, edit.messageId(), edit.content());
        done(edit.id());
      }
      case Delete delete -> {
        services.messages().delete(access, delete.messageId());
        done(delete.id());
      }
      case React react -> {
        services.messages().react(access, react.messageId(), react.emoji(), true);
        done(react.id());
      }
      case Unreact unreact -> {
        services.messages().react(access, unreact.messageId(), unreact.emoji(), false);
        done(unreact.id());
      }
      case Pin pin -> {
        services.messages().pin(access, pin.messageId(), true);
        done(pin.id());
      }
      case Unpin unpin -> {
        services.messages().pin(access, unpin.messageId(), false);
        done(unpin.id());
      }
    }
  }

  private RoomAccess access(ClientCommand command, RoomId room) {
    return switch (CommandPolicy.of(command)) {
      case IN_OPEN_ROOM ->
          open.find(room)
              .filter(known -> known.role().isPresent())
              .orElseGet(() -> read(room))
              .requireMember();
      case IN_ROOM -> read(room).requireMember();
      case MAY_LOOK -> read(room);
      case BEFORE_HELLO, SIGNED_IN ->
          throw new IllegalStateException("a command about a room needs a policy about it");
    };
  }

  private RoomAccess read(RoomId room) {
    var who = connection.principal().orElseThrow(() -> Refusal.unauthorized("say hello first"));
    return services.accessControl().room(who, room);
  }

  /// A message that exists is never answered with an error that would mean the opposite (C2), also
  /// when its sender may not post any more.
  private boolean answerSentBefore(Send send) {
    var who = connection.principal();
    if (send.op() == null || who.isEmpty()) {
      return false;
    }
    var posted =
        services
            .messages()
            .sentBefore(who.get().userId(), RoomId.of(send.roomId()), message(send, send.op()));
    posted.ifPresent(event -> say(ok(send, event, true)));
    return posted.isPresent();
  }

  private void send(RoomAccess access, Send send) {
    // Without an op of the client's own the message is posted all the same, but whoever sends it
    // again posts it twice: only the client can give a retry the name of its first attempt.
    UUID op = send.op() == null ? services.ids().uuid() : send.op();
    services.messages().send(access, message(send, op), outcome -> settled(send, outcome));
    // After it, because what is refused at once is never settled.
    connection.appendStarted();
  }

  private static NewMessage message(Send send, UUID op) {
    var thread = send.threadId() == null ? OptionalLong.empty() : OptionalLong.of(send.threadId());
    return new NewMessage(op, send.content(), thread, send.attachments());
  }

  private static Ok ok(Send send, MessagePosted event, boolean duplicate) {
    return new Ok(
        send.id(),
        send.roomId(),
        event.messageId(),
        event.seq(),
        event.pos(),
        event.stamp().at(),
        null,
        duplicate,
        false);
  }

  private void settled(Send send, Outcome outcome) {
    switch (outcome) {
      case Outcome.Posted(var event, var duplicate) -> say(ok(send, event, duplicate));
      case Outcome.Refused(var refusal) -> say(Failures.of(send.id(), refusal));
      case Outcome.Unknown() -> {
        // No answer is the only honest one: the client sends the same op again.
      }
    }
    connection.appendSettled();
  }

  private void join(RoomAccess access, Join join) {
    if (open.isFull() && open.find(access.roomId()).isEmpty()) {
      throw new RefusedException(
          new Refusal.Quota("this connection hears as many rooms as it may; open another one"));
    }
    services.members().join(access);
    var member = read(access.roomId());
    if (!open.renew(member)) {
      var room = services.rooms().get(member);
      open.open(member, room, room.head().pos());
    }
    done(join.id());
  }

  /// Sends a page of events. A connection that is behind goes on live after the last page.
  private void pull(RoomAccess access, Pull pull) {
    var page = services.rooms().events(access, pull.after(), pull.limit());
    long last = pull.after();
    int bytes = 0;
    boolean more = page.size() == pull.limit();
    for (var event : page) {
      if (bytes > Limits.OUTBOUND_BYTES) {
        more = true;
        break;
      }
      var text = EventCodec.encode(NativeDialect.present(event));
      connection.send(text);
      bytes += text.length;
      last = event.pos();
    }
    say(new Ok(pull.id(), pull.roomId(), null, null, last, null, null, false, more));
    // Whoever asks for what is behind the head is not there yet.
    if (!more && (!page.isEmpty() || last <= services.rooms().head(access).pos())) {
      connection.pulled(access.roomId(), last);
    }
  }

  private void done(long id) {
    if (id > 0) {
      say(Ok.plain(id));
    }
  }

  private void say(ServerEvent event) {
    connection.send(EventCodec.encode(event));
  }
}
