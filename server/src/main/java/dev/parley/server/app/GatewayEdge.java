package dev.parley.server.app;

import dev.parley.server.app.config.Config;
import dev.parley.server.app.config.LimitsConfig;
import dev.parley.server.base.Metric;
import dev.parley.server.domain.limit.TrustedProxies;
import dev.parley.server.gateway.DeliveryMarks;
import dev.parley.server.gateway.Gateway;
import dev.parley.server.gateway.Handover;
import dev.parley.server.gateway.NativeServices;
import dev.parley.server.gateway.NativeSockets;
import dev.parley.server.gateway.NativeTimes;
import dev.parley.server.gateway.SocketLog;
import dev.parley.server.gateway.SocketRoutes;
import dev.parley.server.gateway.websocket.FrameLimits;
import dev.parley.server.gateway.websocket.SocketRules;
import dev.parley.server.gateway.websocket.WebSocketLoop;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

/// Builds the sockets' side of a node.
record GatewayEdge(Gateway gateway, SocketRoutes routes, SocketRules rules, NativeSockets natives) {
  private static final Duration HEAD_WITHIN = Duration.ofSeconds(10);

  static GatewayEdge of(Config config, Core core, Backends backends, Machine machine) {
    var gateway =
        new Gateway(
            backends.roomLog(),
            core.accessControl(),
            backends.bus(),
            machine.virtualThreads(),
            machine::later,
            config.limits().sockets(),
            machine.telemetry());
    machine.telemetry().gauge(Metric.TOPICS, gateway::topicCount);
    var loops = new ConcurrentHashMap<EventLoop, WebSocketLoop>();
    var handover =
        new Handover(
            loop ->
                loops.computeIfAbsent(
                    loop,
                    key ->
                        new WebSocketLoop(key, PooledByteBufAllocator.DEFAULT, machine.ticker())),
            HEAD_WITHIN);
    var rules = rules(config.limits());
    var routes =
        new SocketRoutes(
            gateway,
            handover,
            new TrustedProxies(config.server()::trusts),
            backends.limiter(),
            new SocketLog(machine.ids(), machine.ticker(), machine.telemetry()));
    var natives = new NativeSockets(services(core, backends, machine, config.limits()), rules);
    return new GatewayEdge(gateway, routes, rules, natives);
  }

  private static NativeServices services(
      Core core, Backends backends, Machine machine, LimitsConfig limits) {
    return new NativeServices(
        core.admission()::admit,
        core.tickets(),
        core.accessControl(),
        core.rooms(),
        core.members(),
        core.messages(),
        backends.userLog(),
        new DeliveryMarks(core.members(), core.receipts(), machine::later),
        core.presence(),
        machine.ids(),
        machine.clock(),
        new NativeTimes(limits.authTimeout(), limits.pingInterval()),
        backends.heads());
  }

  private static SocketRules rules(LimitsConfig limits) {
    return SocketRules.DEFAULT
        .withLimits(
            new FrameLimits(limits.messageBytes(), limits.messageBytes(), limits.fragments()))
        .withHeartbeat(limits.pingInterval(), limits.pingInterval().multipliedBy(10).dividedBy(9));
  }
}
