package dev.parley.server.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.client.Time;
import dev.parley.client.verify.Verify;
import dev.parley.client.verify.VerifyOptions;
import dev.parley.server.compat.SeedHttp;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.RedisExtension;
import dev.parley.server.testing.SharedRedis;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/// The delivery checker over two nodes whose Redis is wiped, killed and started again meanwhile.
@ExtendWith({PostgresExtension.class, RedisExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ManyNodesVerifyTest {
  private static final Duration LOAD = Duration.ofSeconds(6);

  private final SharedRedis redis;
  private final List<TestServer> nodes;

  ManyNodesVerifyTest(TestDatabase database, SharedRedis redis) {
    this.redis = redis;
    var address = Map.of("REDIS_URL", redis.url());
    this.nodes = List.of(TestServer.start(database, address), TestServer.start(database, address));
  }

  @AfterAll
  void stop() {
    nodes.forEach(TestServer::close);
  }

  @Test
  void nothingIsLostWhileRedisIsWipedKilledAndStartedAgain() {
    awaitBoth("ok");
    var out = new ByteArrayOutputStream();
    var verify = new Verify(options(), Time.system(), new PrintStream(out, true, UTF_8));
    // Not in the common pool, which the checker's own sockets need and which may have one thread.
    var verdict = CompletableFuture.supplyAsync(verify::run, Thread::startVirtualThread);
    await().until(() -> out.toString(UTF_8).contains("the load begins"));
    int ordeals = 0;
    while (!verdict.isDone() && !out.toString(UTF_8).contains("the load ends")) {
      redis.ask("FLUSHALL");
      redis.kill();
      awaitBoth("degraded");
      redis.startAgain();
      awaitBoth("ok");
      ordeals++;
    }
    assertThat(verdict.orTimeout(60, TimeUnit.SECONDS).join()).as(out.toString(UTF_8)).isTrue();
    assertThat(ordeals).isGreaterThan(1);
  }

  private VerifyOptions options() {
    return new VerifyOptions(
        nodes.stream().map(TestServer::http).toList(),
        LOAD,
        2,
        4,
        4,
        4,
        50,
        16,
        Duration.ofSeconds(2),
        Duration.ofSeconds(30),
        Optional.empty(),
        7);
  }

  private void awaitBoth(String status) {
    var wanted = "\"status\":\"" + status + "\"";
    for (var node : nodes) {
      var http = new SeedHttp(node.http());
      await().until(() -> http.get("/health/ready").body().contains(wanted));
    }
  }
}
