package dev.parley.server.app;

import dev.parley.server.adapter.memory.MemoryEventBus;
import dev.parley.server.adapter.memory.MemoryRoomLog;
import dev.parley.server.app.config.ConformanceConfig;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.AccessControl;
import dev.parley.server.domain.access.MembershipLookup;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomKind;
import dev.parley.server.gateway.BenchSockets;
import dev.parley.server.gateway.EchoSockets;
import dev.parley.server.gateway.Gateway;
import dev.parley.server.gateway.SocketCaps;
import java.util.Optional;

/// Adds the sockets that exist for measuring only, if they are switched on.
final class ConformanceEdge {
  /// Far more than a reader that keeps up ever asks for.
  private static final int KEPT_EVENTS = 16_384;

  private ConformanceEdge() {}

  static void register(
      ConformanceConfig config, GatewayEdge gateway, Machine machine, Lifecycle lifecycle) {
    if (config.echo()) {
      gateway.routes().add(EchoSockets.route());
    }
    if (config.bench()) {
      addBench(gateway, machine, lifecycle);
    }
  }

  private static void addBench(GatewayEdge gateway, Machine machine, Lifecycle lifecycle) {
    var bus = new MemoryEventBus();
    var log = new MemoryRoomLog(bus, machine.clock(), (room, user) -> true, KEPT_EVENTS);
    lifecycle.started("the log of the bench", log);
    var everybody = new AccessControl(new Everybody());
    var own =
        new Gateway(
            log,
            everybody,
            bus,
            machine.virtualThreads(),
            machine::later,
            SocketCaps.NONE,
            machine.telemetry());
    var sockets =
        new BenchSockets(
            own,
            everybody,
            log,
            room -> log.create(BenchSockets.ORG, room, "bench"),
            machine.ids(),
            gateway.rules());
    gateway.routes().add(sockets.route());
  }

  /// Everybody is a member of everything.
  private record Everybody() implements MembershipLookup {
    @Override
    public Optional<Role> orgRole(OrgId org, UserId user) {
      return Optional.of(Role.MEMBER);
    }

    @Override
    public Optional<RoomStanding> room(RoomId room, UserId user) {
      var member = Optional.of(Role.MEMBER);
      return Optional.of(
          new RoomStanding(BenchSockets.ORG, RoomKind.PUBLIC, member, false, Role.MEMBER));
    }
  }
}
