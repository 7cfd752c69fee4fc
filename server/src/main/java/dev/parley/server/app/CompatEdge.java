package dev.parley.server.app;

import dev.parley.server.app.config.Config;
import dev.parley.server.compat.OpenRealm;
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

/// Adds to the doors of a node what the seeds' clients need.
final class CompatEdge {
  private final OpenRealm realm;
  private final Core core;
  private final Backends backends;
  private final Machine machine;

  CompatEdge(Config config, Core core, Backends backends, Machine machine) {
    this.realm = new OpenRealm(config.compat().open(), config.compat().autoCreate());
    this.core = core;
    this.backends = backends;
    this.machine = machine;
  }

  void register(RestEdge rest, GatewayEdge gateway) {
    var workspace =
        new Workspace(
            core.organizations(),
            core.rooms(),
            core.messages(),
            core.accessControl(),
            backends.userLog(),
            machine.ids());
    var presence = core.presence();
    new WorkspaceRoutes(workspace, realm).register(rest.api());
    new WorkspaceHistoryRoutes(workspace, realm).register(rest.api());
    new WorkspaceDirectRoutes(workspace, presence, realm).register(rest.api());
    var directory = new WorkspaceDirectory(core.organizations(), core.directory(), core.tasks());
    new WorkspaceUserRoutes(directory, realm).register(rest.api());
    new WorkspaceTaskRoutes(directory, realm).register(rest.api());
    // The seeds' clients may count on these 54 and 60 seconds, whatever PING_INTERVAL says.
    var rules =
        gateway
            .rules()
            .withHeartbeat(SocketRules.DEFAULT.pingEvery(), SocketRules.DEFAULT.heardWithin());
    var surroundings =
        new WorkspaceSockets.Surroundings(
            rules, new ErrorMapper(machine.telemetry()), machine.ids(), machine.random());
    new WorkspaceSockets(workspace, presence, realm, surroundings)
        .routes()
        .forEach(gateway.routes()::add);
  }
}
