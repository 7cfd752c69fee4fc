package dev.parley.server.compat.workspace;

import dev.parley.server.base.Refusal;
import dev.parley.server.compat.OpenRealm;
import dev.parley.server.compat.SeedDoor;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Opens the first seed's sockets: one per group, and one for all direct messages of a client.
public final class WorkspaceSockets {
  private final Workspace workspace;
  private final Presence presence;
  private final OpenRealm realm;
  private final SeedDoor door;

  public WorkspaceSockets(Workspace workspace, Presence presence, OpenRealm realm, SeedDoor door) {
    this.workspace = workspace;
    this.presence = presence;
    this.realm = realm;
    this.door = door;
  }

  /// The routes to be added.
  public List<SocketRoute> routes() {
    return List.of(
        route("/ws/orgs/{org}/groups/{group}", this::openGroup),
        route("/ws/dm", call -> openDirect(call.query().get("clientId"))),
        route("/ws/dm/{user}", call -> openDirect(call.path().get("user"))));
  }

  private SocketRoute route(String template, SocketRoute.Opener opener) {
    return new SocketRoute(
        template,
        Policy.OPEN_REALM,
        Set.of(),
        call -> door.decide(call, wish -> open(wish, opener)));
  }

  private Decision open(SocketCall call, SocketRoute.Opener opener) {
    realm.require();
    return opener.open(call);
  }

  private Decision openGroup(SocketCall call) {
    var who = client(call.query().get("clientId"));
    var org = call.path().getOrDefault("org", "");
    var group = call.path().getOrDefault("group", "");
    var room = room(org, group);
    var seat =
        new Seat(
            workspace.enter(who, room.id()),
            new WorkspaceGroupDialect(org, group),
            room.head().pos(),
            workspace.shelf(room, org, group));
    return accept(
        who,
        connection ->
            new WorkspaceGroupSession(workspace, connection, seat, door.farewell(connection, who)));
  }

  private Room room(String org, String group) {
    return realm.autoCreate()
        ? workspace.obtainGroup(org, group)
        : workspace
            .findGroup(org, group)
            .orElseThrow(() -> Refusal.notFound(WorkspaceRoutes.NO_GROUP));
  }

  private Decision openDirect(@Nullable String clientId) {
    var who = client(clientId);
    var mailbox = workspace.mailbox(who);
    return accept(
        who,
        connection -> {
          // Here, and not when the session opens: whoever has its 101 is there.
          presence.enter(Workspace.DIRECT, who.userId());
          return new WorkspaceDirectSession(
              workspace, presence, connection, who, mailbox, door.farewell(connection, who));
        });
  }

  private Accept accept(Principal.Open who, Function<Connection, Session> session) {
    return new Accept(Optional.of(who), door.rules(), session);
  }

  private static Principal.Open client(@Nullable String clientId) {
    if (clientId == null || clientId.isEmpty()) {
      throw Refusal.badRequest("clientId query parameter is required");
    }
    return Workspace.client(clientId);
  }
}
