package dev.parley.server.compat.workspace;

import dev.parley.server.base.Ids;
import dev.parley.server.base.Refusal;
import dev.parley.server.compat.Farewell;
import dev.parley.server.compat.OpenRealm;
import dev.parley.server.compat.SeedError;
import dev.parley.server.compat.workspace.WorkspaceGroupSession.Seat;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.presence.Presence;
import dev.parley.server.domain.room.Room;
import dev.parley.server.gateway.Connection;
import dev.parley.server.gateway.Session;
import dev.parley.server.gateway.SocketCall;
import dev.parley.server.gateway.SocketRoute;
import dev.parley.server.gateway.SocketRoute.Accept;
import dev.parley.server.gateway.SocketRoute.Decision;
import dev.parley.server.gateway.SocketRoute.Policy;
import dev.parley.server.gateway.websocket.SocketRules;
import dev.parley.server.rest.http.ErrorMapper;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Opens the first seed's sockets: one per group, and one for all direct messages of a client.
public final class WorkspaceSockets {
  private final Workspace workspace;
  private final Presence presence;
  private final OpenRealm realm;
  private final Surroundings surroundings;

  public WorkspaceSockets(
      Workspace workspace, Presence presence, OpenRealm realm, Surroundings surroundings) {
    this.workspace = workspace;
    this.presence = presence;
    this.realm = realm;
    this.surroundings = surroundings;
  }

  /// What the sockets need from the process around them.
  public record Surroundings(
      SocketRules rules, ErrorMapper errors, Ids ids, RandomGenerator random) {}

  /// The routes to be added.
  public List<SocketRoute> routes() {
    return List.of(
        route("/ws/orgs/{org}/groups/{group}", this::openGroup),
        route("/ws/dm", call -> openDirect(call, call.query().get("clientId"))),
        route("/ws/dm/{user}", call -> openDirect(call, call.path().get("user"))));
  }

  private SocketRoute route(String template, SocketRoute.Opener opener) {
    return new SocketRoute(template, Policy.OPEN_REALM, Set.of(), call -> decide(call, opener));
  }

  private Decision decide(SocketCall call, SocketRoute.Opener opener) {
    try {
      realm.require();
      return opener.open(call);
    } catch (RuntimeException e) {
      var requestId = surroundings.ids().uuid().toString();
      return SeedError.refuse(surroundings.errors().map(e, requestId));
    }
  }

  private Decision openGroup(SocketCall call) {
    var who = client(call.query().get("clientId"));
    var org = call.path().getOrDefault("org", "");
    var group = call.path().getOrDefault("group", "");
    var room = room(org, group);
    requireUpgrade(call);
    var seat =
        new Seat(
            workspace.enter(who, room.id()),
            new WorkspaceGroupDialect(org, group),
            room.head().pos(),
            workspace.shelf(room, org, group));
    return accept(
        who,
        connection -> new WorkspaceGroupSession(workspace, connection, seat, farewell(connection)));
  }

  private Room room(String org, String group) {
    return realm.autoCreate()
        ? workspace.obtainGroup(org, group)
        : workspace
            .findGroup(org, group)
            .orElseThrow(() -> Refusal.notFound(WorkspaceRoutes.NO_GROUP));
  }

  private Decision openDirect(SocketCall call, @Nullable String clientId) {
    var who = client(clientId);
    requireUpgrade(call);
    var mailbox = workspace.mailbox(who);
    return accept(
        who,
        connection -> {
          // Here, and not when the session opens: whoever has its 101 is there.
          presence.enter(Workspace.DIRECT, who.userId());
          return new WorkspaceDirectSession(
              workspace, presence, connection, who, mailbox, farewell(connection));
        });
  }

  private Accept accept(Principal.Open who, Function<Connection, Session> session) {
    return new Accept(Optional.of(who), surroundings.rules(), session);
  }

  private Farewell farewell(Connection connection) {
    return new Farewell(connection, surroundings.random());
  }

  private static Principal.Open client(@Nullable String clientId) {
    if (clientId == null || clientId.isEmpty()) {
      throw Refusal.badRequest("clientId query parameter is required");
    }
    return Workspace.client(clientId);
  }

  private static void requireUpgrade(SocketCall call) {
    if (!call.upgrade()) {
      throw Refusal.badRequest("Bad Request");
    }
  }
}
