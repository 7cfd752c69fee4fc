package dev.parley.server.compat.messaging;

import dev.parley.server.compat.PersonalSockets;
import dev.parley.server.compat.SeedDoor;
import dev.parley.server.compat.messaging.MessagingSession.Seat;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.presence.Presence;
import dev.parley.server.gateway.SocketRoute.Accept;
import dev.parley.server.gateway.SocketRoute.Decision;
import java.util.Optional;

/// Opens the second seed's sockets, for an account or for a name.
public final class MessagingSockets implements PersonalSockets {
  private final Messaging messaging;
  private final Presence presence;
  private final SeedDoor door;

  public MessagingSockets(Messaging messaging, Presence presence, SeedDoor door) {
    this.messaging = messaging;
    this.presence = presence;
    this.door = door;
  }

  @Override
  public Decision open(Principal.Account who) {
    return accept(who);
  }

  @Override
  public Decision open(String name) {
    return accept(Messaging.open(name));
  }

  private Decision accept(Principal who) {
    var seat = new Seat(who, messaging.mailbox(who));
    return new Accept(
        Optional.of(who),
        door.rules(),
        connection -> {
          // Here, and not when the session opens: whoever has its 101 is there.
          presence.enter(Messaging.circle(who), who.userId());
          return new MessagingSession(
              messaging, presence, connection, seat, door.farewell(connection, who));
        });
  }
}
