package dev.parley.server.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.base.RoomId;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.Ticker;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.event.EventBusContract;
import dev.parley.server.domain.event.EventSamples;
import dev.parley.server.domain.event.HeardEvents;
import dev.parley.server.testing.DeafProxy;
import dev.parley.server.testing.SharedRedis;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Two nodes on one Redis.
final class RedisEventBusTest implements EventBusContract {
  private static SharedRedis redis;
  private final Peer one = new Peer(redis);
  private final Peer two = new Peer(redis);

  /// A node's part of the bus.
  record Peer(RedisLink link, RedisEventBus bus) implements AutoCloseable {
    Peer(SharedRedis redis) {
      this(redis.url());
    }

    Peer(String url) {
      this(RedisLink.open(RedisURI.create(url)));
    }

    private Peer(RedisLink link) {
      this(link, RedisEventBus.open(link, UUID.randomUUID(), Ticker.SYSTEM, Telemetry.SILENT));
    }

    @Override
    public void close() throws InterruptedException {
      bus.close();
      link.close();
    }
  }

  @BeforeAll
  static void startRedis() {
    redis = SharedRedis.start();
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

  @Test
  void aTooLargeEventGoesAsItsPosition() {
    var heard = new HeardEvents();
    two.bus().subscribe(heard);
    var room = new RoomId(UUID.randomUUID());

    one.bus().publish(room, List.of(EventSamples.message(room, 1, "x".repeat(70_000))));
    one.bus().publish(room, List.of(EventSamples.message(room, 2, "small")));

    await().until(() -> heard.room.size() == 1);
    assertThat(heard.room.getFirst().pos()).isEqualTo(2);
    assertThat(heard.roomHeads).containsExactly(1L);
  }

  @Test
  void whatOthersPublishOnTheChannelHarmsNobody() {
    var heard = new HeardEvents();
    two.bus().subscribe(heard);
    redis.ask("PUBLISH", "parley:bus:0:{0}", "rubbish");
    redis.ask("PUBLISH", "parley:bus:0:{0}", "\u0001short");
    var room = new RoomId(UUID.randomUUID());

    one.bus().publish(room, List.of(EventSamples.message(room, 1, "fine")));

    await().until(() -> heard.room.size() == 1);
  }

  @Test
  void publishingGoesOnWithoutRedisAndTheWayOpensAgain() {
    await().until(() -> one.bus().isOpen() && two.bus().isOpen());
    var near = new HeardEvents();
    one.bus().subscribe(near);
    var far = new HeardEvents();
    two.bus().subscribe(far);
    var room = new RoomId(UUID.randomUUID());
    redis.kill();

    long begin = System.nanoTime();
    for (int pos = 1; pos <= 1_000; pos++) {
      one.bus().publish(room, List.of(EventSamples.message(room, pos, "into the void")));
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
    assertThat(near.room).hasSize(1_000);
    await().until(() -> !one.bus().isOpen());
    assertThat(one.bus().health().check().healthy()).isFalse();

    redis.startAgain();
    await().until(() -> one.bus().isOpen() && two.bus().isOpen());
    var event = EventSamples.message(room, 1_001, "again");
    one.bus().publish(room, List.of(event));
    await().until(() -> far.room.contains(event));
  }

  @Test
  void aConnectionThatFellSilentIsReplaced() throws IOException, InterruptedException {
    var far = new HeardEvents();
    two.bus().subscribe(far);
    var room = new RoomId(UUID.randomUUID());
    try (var proxy = new DeafProxy(redis.port());
        var behind = new Peer("redis://127.0.0.1:" + proxy.port())) {
      await().until(() -> behind.bus().isOpen());
      proxy.goDeaf();
      await().until(() -> !behind.bus().isOpen());
      await().atMost(Duration.ofSeconds(10)).until(() -> behind.bus().isOpen());
      var event = EventSamples.message(room, 1, "on another wire");
      behind.bus().publish(room, List.of(event));
      await().until(() -> far.room.contains(event));
    }
  }
}
