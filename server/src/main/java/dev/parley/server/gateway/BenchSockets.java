package dev.parley.server.gateway;

import dev.parley.server.base.Ids;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.AccessControl;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.room.RoomLog;
import dev.parley.server.domain.room.RoomLog.Draft;
import dev.parley.server.gateway.SocketRoute.AcceptRaw;
import dev.parley.server.gateway.SocketRoute.Decision;
import dev.parley.server.gateway.websocket.SocketRules;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/// Opens the sockets of `/bench/broadcast?room=N`, for measuring: what one member says, all members
/// of the room hear, byte for byte. It goes the whole way of a message (session, log, bus, topic,
/// loops) in a gateway of its own, whose log forgets.
public final class BenchSockets {
  /// The organization of all rooms here.
  public static final OrgId ORG = new OrgId(new UUID(0, 1));

  private static final int ROOMS = 10_000;

  private final Gateway gateway;
  private final AccessControl accessControl;
  private final RoomLog log;
  private final Consumer<RoomId> makeRoom;
  private final Ids ids;
  private final SocketRules rules;

  /// The one opener.
  ///
  /// @param accessControl lets everybody into everything of [#ORG]
  /// @param makeRoom makes a room in the log, unless it is there
  public BenchSockets(
      Gateway gateway,
      AccessControl accessControl,
      RoomLog log,
      Consumer<RoomId> makeRoom,
      Ids ids,
      SocketRules rules) {
    this.gateway = gateway;
    this.accessControl = accessControl;
    this.log = log;
    this.makeRoom = makeRoom;
    this.ids = ids;
    this.rules = rules;
  }

  /// The route to be added.
  public SocketRoute route() {
    return new SocketRoute(
        "/bench/broadcast", SocketRoute.Policy.CONFORMANCE, Set.of(), this::open);
  }

  private Decision open(SocketCall call) {
    var room = room(call.query().getOrDefault("room", "0"));
    var principal = new Principal.Open(UserId.open("bench", ids.uuid().toString()));
    makeRoom.accept(room);
    var access = accessControl.room(principal, room);
    return new AcceptRaw(
        rules,
        socket ->
            gateway.open(
                socket,
                socket.remoteAddress(),
                Optional.of(principal),
                connection -> new Member(connection, access, log, ids)));
  }

  private static RoomId room(String number) {
    try {
      return new RoomId(new UUID(0, Math.floorMod(Integer.parseInt(number), ROOMS)));
    } catch (NumberFormatException e) {
      throw Refusal.badRequest("room must be a number");
    }
  }

  /// Says what comes, hears what anybody says.
  private record Member(Connection connection, RoomAccess access, RoomLog log, Ids ids)
      implements Session {
    @Override
    public void opened() {
      var head = log.head(access.orgId(), access.roomId());
      connection.subscribe(access, Raw.DIALECT, head.pos());
    }

    @Override
    public void text(String message) {
      var draft =
          new Draft(
              access.orgId(),
              access.roomId(),
              access.userId(),
              ids.uuid(),
              message,
              OptionalLong.empty(),
              List.of(),
              true,
              List.of());
      connection.appendStarted();
      log.append(draft, outcome -> connection.appendSettled());
    }
  }

  /// The content and nothing else.
  private enum Raw implements Dialect {
    DIALECT;

    @Override
    public List<byte[]> encode(RoomEvent event) {
      return event instanceof RoomEvent.MessagePosted message
          ? message.content().stream().map(Raw::bytes).toList()
          : List.of();
    }

    @Override
    public List<byte[]> encode(EphemeralEvent event) {
      return List.of();
    }

    @Override
    public boolean echo() {
      return true;
    }

    @Override
    public boolean pulls() {
      return false;
    }

    private static byte[] bytes(String content) {
      return content.getBytes(StandardCharsets.UTF_8);
    }
  }
}
