package dev.parley.server.app;

import dev.parley.server.adapter.memory.MemoryEventBus;
import dev.parley.server.adapter.redis.RedisEventBus;
import dev.parley.server.adapter.redis.RedisLink;
import dev.parley.server.app.config.RedisConfig;
import dev.parley.server.app.config.Secret;
import dev.parley.server.base.HealthCheck;
import dev.parley.server.domain.event.EventBus;
import io.lettuce.core.RedisURI;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// What connects several nodes: Redis if there is an address of one, else nothing.
///
/// @param busIsOpen whether other nodes hear of what happens here at once
record BetweenNodes(EventBus bus, BooleanSupplier busIsOpen, List<HealthCheck> health) {
  static BetweenNodes of(Optional<RedisConfig> redis, Machine machine, Lifecycle lifecycle) {
    return redis
        .map(address -> redis(address, machine, lifecycle))
        .orElseGet(() -> new BetweenNodes(new MemoryEventBus(), () -> true, List.of()));
  }

  private static BetweenNodes redis(RedisConfig redis, Machine machine, Lifecycle lifecycle) {
    var link = RedisLink.open(address(redis));
    lifecycle.started("the connections to Redis", link);
    var bus = RedisEventBus.open(link, machine.ids().uuid(), machine.ticker(), machine.telemetry());
    lifecycle.started("the bus", bus);
    return new BetweenNodes(bus, bus::isOpen, List.of(bus.health()));
  }

  private static RedisURI address(RedisConfig redis) {
    var address =
        RedisURI.builder()
            .withHost(redis.host())
            .withPort(redis.port())
            .withSsl(redis.tls())
            .withDatabase(redis.database());
    redis
        .password()
        .map(Secret::reveal)
        .map(String::toCharArray)
        .ifPresent(
            password ->
                redis
                    .user()
                    .ifPresentOrElse(
                        user -> address.withAuthentication(user, password),
                        () -> address.withPassword(password)));
    return address.build();
  }
}
