package dev.parley.server.adapter.redis;

import static org.awaitility.Awaitility.await;

import dev.parley.server.base.Ticker;
import dev.parley.server.domain.presence.PresenceStore;
import dev.parley.server.domain.presence.PresenceStoreContract;
import dev.parley.server.testing.SharedRedis;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/// On a Redis Cluster, which refuses a script whose keys stand in several slots.
final class RedisClusterPresenceStoreTest extends PresenceStoreContract {
  private static SharedRedis redis;
  private static RedisLink link;
  private final RedisPresenceStore store = new RedisPresenceStore(link, Ticker.SYSTEM);

  @BeforeAll
  static void connect() {
    redis = SharedRedis.start("--cluster-enabled", "yes");
    redis.ask("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    await().until(() -> redis.ask("CLUSTER", "INFO").contains("cluster_state:ok"));
    link = RedisLink.open(RedisURI.create(redis.url()));
    await().until(() -> link.wire().isPresent());
  }

  @AfterAll
  static void close() throws InterruptedException {
    link.close();
    redis.close();
  }

  @BeforeEach
  void empty() {
    redis.ask("FLUSHALL");
  }

  @Override
  protected PresenceStore store() {
    return store;
  }

  @Override
  protected void pass(Duration time) {
    redis.age(RedisPresenceStoreTest.UNTIL, time);
  }
}
