package dev.parley.server.app;

import dev.parley.server.adapter.memory.MemoryEventBus;
import dev.parley.server.adapter.memory.MemoryPresenceStore;
import dev.parley.server.adapter.memory.MemoryRateLimiter;
import dev.parley.server.adapter.redis.RedisEventBus;
import dev.parley.server.adapter.redis.RedisHistoryCache;
import dev.parley.server.adapter.redis.RedisLink;
import dev.parley.server.adapter.redis.RedisPresenceStore;
import dev.parley.server.adapter.redis.RedisRateLimiter;
import dev.parley.server.app.config.RedisConfig;
import dev.parley.server.app.config.Secret;
import dev.parley.server.base.HealthCheck;
import dev.parley.server.base.Limits;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.limit.Pace;
import dev.parley.server.domain.limit.RateLimit;
import dev.parley.server.domain.limit.RateLimiter;
import dev.parley.server.domain.message.HistoryCache;
import dev.parley.server.domain.presence.PresenceStore;
import io.lettuce.core.RedisURI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/// What connects several nodes: Redis if there is an address of one, else nothing.
///
/// @param limits makes a limiter of these paces
/// @param busIsOpen whether other nodes hear of what happens here at once
record BetweenNodes(
    EventBus bus,
    HistoryCache history,
    PresenceStore presence,
    Function<Map<RateLimit, Pace>, RateLimiter> limits,
    BooleanSupplier busIsOpen,
    List<HealthCheck> health) {
  static BetweenNodes of(Optional<RedisConfig> redis, Machine machine, Lifecycle lifecycle) {
    return redis
        .map(address -> redis(address, machine, lifecycle))
        .orElseGet(
            () ->
                new BetweenNodes(
                    new MemoryEventBus(),
                    HistoryCache.NONE,
                    new MemoryPresenceStore(machine.ticker()),
                    paces -> local(paces, machine),
                    () -> true,
                    List.of()));
  }

  /// Counts what is limited, at these paces.
  RateLimiter limiter(Map<RateLimit, Pace> paces) {
    return limits.apply(paces);
  }

  private static BetweenNodes redis(RedisConfig redis, Machine machine, Lifecycle lifecycle) {
    var link = RedisLink.open(address(redis));
    lifecycle.started("the connections to Redis", link);
    var history = RedisHistoryCache.open(link);
    lifecycle.started("the history in Redis", history);
    var bus = RedisEventBus.open(link, machine.ids().uuid(), machine.ticker(), machine.telemetry());
    lifecycle.started("the bus", bus);
    return new BetweenNodes(
        bus,
        history,
        new RedisPresenceStore(link, machine.ticker()),
        paces -> new RedisRateLimiter(link, local(paces, machine), paces, machine.ticker()),
        bus::isOpen,
        List.of(bus.health()));
  }

  private static RateLimiter local(Map<RateLimit, Pace> paces, Machine machine) {
    return new MemoryRateLimiter(machine.ticker(), Limits.RATE_KEYS, paces, machine.telemetry());
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
