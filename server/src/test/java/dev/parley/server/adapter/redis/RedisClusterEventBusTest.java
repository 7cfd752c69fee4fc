package dev.parley.server.adapter.redis;

import static org.awaitility.Awaitility.await;

import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.event.EventBusContract;
import dev.parley.server.testing.SharedRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/// Two nodes on a Redis Cluster, which has sharded channels; one Redis holds all of its slots.
final class RedisClusterEventBusTest implements EventBusContract {
  private static SharedRedis redis;
  private final RedisEventBusTest.Peer one = new RedisEventBusTest.Peer(redis);
  private final RedisEventBusTest.Peer two = new RedisEventBusTest.Peer(redis);

  @BeforeAll
  static void startRedis() {
    redis = SharedRedis.start("--cluster-enabled", "yes");
    redis.ask("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    await().until(() -> redis.ask("CLUSTER", "INFO").contains("cluster_state:ok"));
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  @AfterEach
  void close() throws InterruptedException {
    one.close();
    two.close();
  }

  @Override
  public EventBus publisher() {
    return one.bus();
  }

  @Override
  public EventBus receiver() {
    return two.bus();
  }
}
