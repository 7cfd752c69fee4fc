package dev.parley.server.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.server.base.OutageException;
import dev.parley.server.base.Ticker;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.presence.Circle;
import dev.parley.server.domain.presence.PresenceStore;
import dev.parley.server.domain.presence.PresenceStoreContract;
import dev.parley.server.domain.presence.Sighting;
import dev.parley.server.testing.SharedRedis;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RedisPresenceStoreTest extends PresenceStoreContract {
  static final String UNTIL = "parley:{presence}:until";
  private static final UserId ANN = new UserId("ann");
  private static final Sighting SIGHTING = new Sighting(Circle.NATIVE, ANN);
  private static SharedRedis redis;
  private static RedisLink link;
  private final RedisPresenceStore store = new RedisPresenceStore(link, Ticker.SYSTEM);

  @BeforeAll
  static void connect() {
    redis = SharedRedis.start();
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
    redis.age(UNTIL, time);
  }

  @Test
  void allKeysStandInOneSlotAndEndByThemselves() {
    store.turn("a", List.of(SIGHTING), List.of());
    assertThat(redis.ask("KEYS", "*")).startsWith("*3\r\n");
    assertThat(redis.ask("KEYS", "parley:{presence}:*")).startsWith("*3\r\n");
    var left = redis.ask("PTTL", "parley:{presence}:users").strip().substring(1);
    assertThat(Long.parseLong(left))
        .isPositive()
        .isLessThanOrEqualTo(PresenceStore.EXPIRY.toMillis());
    store.turn("a", List.of(), List.of(SIGHTING));
    assertThat(redis.ask("KEYS", "*")).isEqualTo("*0\r\n");
  }

  @Test
  void aKeyThatRedisThrewAwayLeavesNoGhosts() {
    store.turn("a", List.of(SIGHTING), List.of());
    redis.ask("DEL", UNTIL);
    assertThat(store.online(List.of(ANN))).isEmpty();
    assertThat(store.list(Circle.NATIVE, Optional.empty(), 10)).isEmpty();
    var bob = new Sighting(Circle.NATIVE, new UserId("bob"));
    store.beat("b", List.of(bob));
    assertThat(redis.ask("ZCARD", "parley:{presence}:users")).isEqualTo(":1\r\n");
  }

  @Test
  void withoutRedisItSaysSoAtOnceAndWorksAgainAfterwards() {
    redis.kill();
    try {
      await()
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> store.online(List.of(ANN)))
                      .isInstanceOf(OutageException.class));
      long begin = System.nanoTime();
      for (int i = 0; i < 100; i++) {
        assertThatThrownBy(() -> store.beat("a", List.of(SIGHTING)))
            .isInstanceOf(OutageException.class);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
    } finally {
      redis.startAgain();
    }
    await()
        .ignoreExceptionsInstanceOf(OutageException.class)
        .untilAsserted(
            () -> {
              store.beat("a", List.of(SIGHTING));
              assertThat(store.online(List.of(ANN))).containsExactly(ANN);
            });
  }

  @Test
  void aRedisThatIsSilentCostsAQuarterOfASecondOnce() {
    redis.ask("CLIENT", "PAUSE", "1500", "ALL");
    long begin = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(() -> store.online(List.of(ANN))).isInstanceOf(OutageException.class);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
    await()
        .ignoreExceptionsInstanceOf(OutageException.class)
        .until(() -> store.online(List.of(ANN)).isEmpty());
  }
}
