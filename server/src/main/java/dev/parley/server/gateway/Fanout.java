package dev.parley.server.gateway;

import dev.parley.protocol.CloseCode;
import dev.parley.server.base.DeviceId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.EphemeralEvent.AccessReduced;
import dev.parley.server.domain.event.EphemeralEvent.PresenceChanged;
import dev.parley.server.domain.event.EphemeralEvent.Read;
import dev.parley.server.domain.event.EphemeralEvent.Received;
import dev.parley.server.domain.event.EphemeralEvent.Signal;
import dev.parley.server.domain.event.EphemeralEvent.SignedOut;
import dev.parley.server.domain.event.EphemeralEvent.Typing;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.domain.room.TailWatch;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Brings what happened anywhere to the connections of this node.
final class Fanout implements TailWatch.Audience {
  private final Topics topics;
  private final Users users;

  Fanout(Topics topics, Users users) {
    this.topics = topics;
    this.users = users;
  }

  @Override
  public void onRoomEvents(RoomId room, List<RoomEvent> events) {
    var topic = topics.find(room);
    if (topic != null) {
      topic.take(events);
    }
  }

  @Override
  public void onRoomHead(RoomId room, long pos) {
    var topic = topics.find(room);
    if (topic != null) {
      topic.takeHead(pos);
    }
  }

  @Override
  public void onUserHead(UserId user, long pos) {
    users.toTell(user, pos).forEach(connection -> connection.userHead(pos));
  }

  @Override
  public void onAccessReduced(UserId user, long times) {
    users.reduced(user, times).forEach(connection -> connection.lookAgain(Optional.empty()));
  }

  @Override
  public Set<RoomId> rooms() {
    return topics.rooms();
  }

  @Override
  public Set<UserId> users() {
    return users.all();
  }

  @Override
  public Set<DeviceId> devices() {
    return users.devices();
  }

  @Override
  public void onUserEvent(UserEvent event) {
    users.toTell(event.user(), event.pos());
    users.of(event.user()).forEach(connection -> connection.userEvent(event));
  }

  @Override
  public void onEphemeral(EphemeralEvent event) {
    switch (event) {
      case Typing typing -> pass(typing.room(), typing, others(typing.user()));
      case Read read -> pass(read.room(), read, others(read.user()));
      case Signal signal -> pass(signal.room(), signal, signal::isFor);
      case Received received -> topics.tell(received);
      case PresenceChanged changed ->
          topics.deliver(changed.rooms(), changed, others(changed.user()));
      case AccessReduced(var org, var user) ->
          users.of(user).forEach(connection -> connection.lookAgain(Optional.of(org)));
      case SignedOut signedOut -> close(signedOut);
    }
  }

  private void pass(RoomId room, EphemeralEvent event, Predicate<UserId> hears) {
    var topic = topics.find(room);
    if (topic != null) {
      topic.take(event, hears);
    }
  }

  private static Predicate<UserId> others(UserId user) {
    return other -> !other.equals(user);
  }

  private void close(SignedOut signedOut) {
    users.of(signedOut.user()).stream()
        .filter(connection -> concerns(signedOut, connection))
        .forEach(connection -> connection.close(CloseCode.AUTH, "signed out"));
  }

  private static boolean concerns(SignedOut signedOut, Connection connection) {
    var who = connection.principal();
    if (who.isEmpty() || !(who.get() instanceof Principal.Account account)) {
      return false;
    }
    var device = account.deviceId();
    return signedOut.device().map(device::equals).orElse(true)
        && !signedOut.except().map(device::equals).orElse(false);
  }
}
