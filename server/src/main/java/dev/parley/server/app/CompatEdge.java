package dev.parley.server.app;

import dev.parley.server.app.config.Config;
import dev.parley.server.compat.OpenRealm;
import dev.parley.server.compat.RoomSockets;
import dev.parley.server.compat.SeedDoor;
import dev.parley.server.compat.SharedSocket;
import dev.parley.server.compat.dual.Dual;
import dev.parley.server.compat.dual.DualPage;
import dev.parley.server.compat.dual.DualRoutes;
import dev.parley.server.compat.dual.DualSockets;
import dev.parley.server.compat.gochat.GoChat;
import dev.parley.server.compat.gochat.GoChatAuthRoutes;
import dev.parley.server.compat.gochat.GoChatFileRoutes;
import dev.parley.server.compat.gochat.GoChatMemberRoutes;
import dev.parley.server.compat.gochat.GoChatMessageRoutes;
import dev.parley.server.compat.gochat.GoChatPeople;
import dev.parley.server.compat.gochat.GoChatRoomRoutes;
import dev.parley.server.compat.gochat.GoChatSearchRoutes;
import dev.parley.server.compat.gochat.GoChatSockets;
import dev.parley.server.compat.messaging.Messaging;
import dev.parley.server.compat.messaging.MessagingRoutes;
import dev.parley.server.compat.messaging.MessagingSockets;
import dev.parley.server.compat.workspace.Workspace;
import dev.parley.server.compat.workspace.WorkspaceDirectRoutes;
import dev.parley.server.compat.workspace.WorkspaceDirectory;
import dev.parley.server.compat.workspace.WorkspaceHistoryRoutes;
import dev.parley.server.compat.workspace.WorkspaceRoutes;
import dev.parley.server.compat.workspace.WorkspaceSockets;
import dev.parley.server.compat.workspace.WorkspaceTaskRoutes;
import dev.parley.server.compat.workspace.WorkspaceUserRoutes;
import dev.parley.server.gateway.websocket.SocketRules;
import dev.parley.server.rest.http.ErrorMapper;
import java.util.Optional;

/// Adds to the doors of a node what the seeds' clients need.
final class CompatEdge {
  private final Config config;
  private final OpenRealm realm;
  private final Core core;
  private final Backends backends;
  private final Machine machine;

  CompatEdge(Config config, Core core, Backends backends, Machine machine) {
    this.config = config;
    this.realm = new OpenRealm(config.compat().open(), config.compat().autoCreate());
    this.core = core;
    this.backends = backends;
    this.machine = machine;
  }

  void register(RestEdge rest, GatewayEdge gateway) {
    var errors = new ErrorMapper(machine.telemetry());
    // The seeds' clients may count on these 54 and 60 seconds, whatever PING_INTERVAL says.
    var rules =
        gateway
            .rules()
            .withHeartbeat(SocketRules.DEFAULT.pingEvery(), SocketRules.DEFAULT.heardWithin());
    var door =
        new SeedDoor(
            rules,
            core.admission()::admit,
            errors,
            machine.ids(),
            machine.random(),
            machine.clock());
    workspace(rest, gateway, door);
    messaging(rest, gateway, door, gochat(rest, door));
    dual(rest, gateway, door);
  }

  private void workspace(RestEdge rest, GatewayEdge gateway, SeedDoor door) {
    var workspace =
        new Workspace(
            core.organizations(),
            core.rooms(),
            core.messages(),
            core.accessControl(),
            backends.userLog(),
            backends.history(),
            machine.ids());
    new WorkspaceRoutes(workspace, realm).register(rest.api());
    new WorkspaceHistoryRoutes(workspace, realm).register(rest.api());
    new WorkspaceDirectRoutes(workspace, core.presence(), realm).register(rest.api());
    var directory = new WorkspaceDirectory(core.organizations(), core.directory(), core.tasks());
    new WorkspaceUserRoutes(directory, realm).register(rest.api());
    new WorkspaceTaskRoutes(directory, realm).register(rest.api());
    new WorkspaceSockets(workspace, core.presence(), realm, door)
        .routes()
        .forEach(gateway.routes()::add);
  }

  private GoChatSockets gochat(RestEdge rest, SeedDoor door) {
    var chat = new GoChat(core.organizations(), core.members(), core.accessControl());
    var people = new GoChatPeople(core.accounts(), core.presence());
    new GoChatAuthRoutes(chat, core.accounts(), core.tokens(), core.devices(), core.presence())
        .register(rest.api());
    new GoChatRoomRoutes(chat, core.rooms()).register(rest.api());
    new GoChatMemberRoutes(chat, people, core.members()).register(rest.api());
    new GoChatMessageRoutes(chat, people, core.messages(), machine.ids()).register(rest.api());
    new GoChatFileRoutes(chat, core.files()).register(rest.api());
    new GoChatSearchRoutes(chat, people, core.search()).register(rest.api());
    return new GoChatSockets(
        chat, core.rooms(), core.members(), core.messages(), core.presence(), machine.ids(), door);
  }

  private void messaging(RestEdge rest, GatewayEdge gateway, SeedDoor door, RoomSockets rooms) {
    var messaging =
        new Messaging(
            core.organizations(),
            core.rooms(),
            core.messages(),
            core.receipts(),
            core.accessControl(),
            backends.userLog(),
            machine.ids());
    new MessagingRoutes(messaging, core.presence(), core.accounts(), realm).register(rest.api());
    var sockets = new MessagingSockets(messaging, core.presence(), door);
    gateway
        .routes()
        .add(new SharedSocket(gateway.natives(), sockets, Optional.of(rooms), realm, door).route());
  }

  private void dual(RestEdge rest, GatewayEdge gateway, SeedDoor door) {
    var dual =
        new Dual(
            core.organizations(),
            core.rooms(),
            core.members(),
            core.messages(),
            core.accessControl(),
            backends.userLog(),
            core.presence(),
            machine.ids());
    new DualRoutes(core.accounts(), core.tokens(), dual).register(rest.api());
    new DualPage(config.server().port()).register(rest.api());
    new DualSockets(dual, door).routes().forEach(gateway.routes()::add);
  }
}
