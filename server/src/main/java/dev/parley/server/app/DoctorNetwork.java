package dev.parley.server.app;

import dev.parley.server.app.config.Config;
import dev.parley.server.app.config.RedisConfig;
import dev.parley.server.app.config.Role;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/// The doctor's questions about what is reached over the network: our ports, Redis.
final class DoctorNetwork {
  private final Config config;

  DoctorNetwork(Config config) {
    this.config = config;
  }

  List<Diagnosis> findings() {
    var findings = new ArrayList<Diagnosis>();
    if (config.node().role() != Role.API) {
      findings.add(port("PORT", config.server().port()));
    }
    if (config.node().role() == Role.ALL || config.node().role() == Role.API) {
      config.server().secondPort().ifPresent(port -> findings.add(port("API_PORT", port)));
    }
    config.redis().ifPresent(redis -> findings.add(redis(redis)));
    return findings;
  }

  private Diagnosis port(String key, int port) {
    var address = config.server().host() + ":" + port;
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(config.server().host(), port));
      return Diagnosis.ok("port", address + " is free");
    } catch (IOException e) {
      return Diagnosis.warn(
          "port",
          address + " cannot be had: " + e.getMessage(),
          "stop what uses it (ss -ltnp), or set HOST or " + key);
    }
  }

  private static Diagnosis redis(RedisConfig redis) {
    var address = redis.host() + ":" + redis.port();
    try {
      return Diagnosis.ok("redis", address + " answers " + new RedisPing(redis).answer());
    } catch (IOException e) {
      return Diagnosis.warn(
          "redis",
          address + ": " + e.getMessage(),
          "start it, or unset REDIS_URL on a single node");
    }
  }
}
