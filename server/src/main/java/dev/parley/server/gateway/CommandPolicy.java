package dev.parley.server.gateway;

import dev.parley.protocol.ClientCommand;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// Who may send a command. Every command has exactly one policy, or the node does not start.
enum CommandPolicy {
  /// Anybody, also before the session is open; the command itself proves who sends it.
  BEFORE_HELLO,
  /// Whoever has opened the session.
  SIGNED_IN,
  /// Whoever may see the room: its members, and for a public room the members of its organization.
  MAY_LOOK,
  /// Members of the room; read from the database for each command.
  IN_ROOM,
  /// Members of the room by the subscription that the connection holds; the commit checks once
  /// more.
  IN_OPEN_ROOM;

  private static final Map<Class<? extends ClientCommand>, CommandPolicy> POLICIES = policies();

  static CommandPolicy of(ClientCommand command) {
    return Objects.requireNonNull(POLICIES.get(command.getClass()));
  }

  /// Fails if a command has no policy; called at start-up.
  static void requireComplete() {
    requireComplete(ClientCommand.class);
  }

  private static void requireComplete(Class<?> type) {
    if (!type.isInterface()) {
      if (!POLICIES.containsKey(type)) {
        throw new IllegalStateException("no policy for the command " + type.getSimpleName());
      }
      return;
    }
    for (var permitted : type.getPermittedSubclasses()) {
      requireComplete(permitted);
    }
  }

  private static Map<Class<? extends ClientCommand>, CommandPolicy> policies() {
    var map = new HashMap<Class<? extends ClientCommand>, CommandPolicy>();
    map.put(ClientCommand.Hello.class, BEFORE_HELLO);
    map.put(ClientCommand.Pong.class, BEFORE_HELLO);
    map.put(ClientCommand.Auth.class, SIGNED_IN);
    map.put(ClientCommand.Ack.class, SIGNED_IN);
    map.put(ClientCommand.Join.class, MAY_LOOK);
    map.put(ClientCommand.Pull.class, MAY_LOOK);
    map.put(ClientCommand.Send.class, IN_OPEN_ROOM);
    map.put(ClientCommand.Typing.class, IN_OPEN_ROOM);
    map.put(ClientCommand.Read.class, IN_ROOM);
    map.put(ClientCommand.Leave.class, IN_ROOM);
    map.put(ClientCommand.Edit.class, IN_ROOM);
    map.put(ClientCommand.Delete.class, IN_ROOM);
    map.put(ClientCommand.React.class, IN_ROOM);
    map.put(ClientCommand.Unreact.class, IN_ROOM);
    map.put(ClientCommand.Pin.class, IN_ROOM);
    map.put(ClientCommand.Unpin.class, IN_ROOM);
    return Map.copyOf(map);
  }
}
