package dev.parley.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.base.HealthCheck;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.AccessControl;
import dev.parley.server.domain.access.MembershipLookup;
import dev.parley.server.domain.access.Role;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Guards;
import dev.parley.server.rest.http.HttpConfig;
import dev.parley.server.rest.http.HttpFixture;
import dev.parley.server.rest.http.Throttle;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HealthTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Check database = new Check("database", true);
  private final Check redis = new Check("redis", false);
  private Health health;
  private HttpFixture http;

  @BeforeEach
  void start() {
    health = new Health(List.of(database, redis), nanos::get);
    var api = new Api(new AccessControl(new Nowhere()));
    new HealthRoutes(health).register(api);
    http =
        new HttpFixture(
            HttpConfig.DEFAULT,
            api,
            new Guards(
                token -> {
                  throw new AssertionError();
                },
                Throttle.OPEN),
            Telemetry.SILENT);
  }

  @AfterEach
  void stop() {
    http.close();
    health.close();
  }

  @Test
  void allIsWell() {
    assertThat(http.get("/health").body()).isEqualTo("OK");
    assertThat(http.get("/api/v1/health").body()).isEqualTo("OK");
    assertThat(http.get("/api/v1/health").headers().firstValue("Content-Type"))
        .contains("text/plain; charset=utf-8");
    assertThat(http.get("/healthz").body())
        .contains("\"status\":\"ok\"")
        .contains("\"name\":\"database\"");
    var json = http.send(http.request("/health").header("Accept", "application/json"));
    assertThat(json.body()).contains("\"checks\"");
  }

  @Test
  void withoutTheDatabaseTheServerIsDownButAlive() {
    database.healthy = false;
    for (var path : List.of("/healthz", "/health/ready", "/health", "/api/v1/health")) {
      assertThat(http.get(path).statusCode()).as(path).isEqualTo(503);
    }
    assertThat(http.get("/api/v1/health").body()).isEqualTo("PostgreSQL unhealthy");
    assertThat(http.get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void withoutWhatIsNotVitalItIsDegraded() {
    redis.healthy = false;
    var answer = http.get("/healthz");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"status\":\"degraded\"");
    assertThat(http.get("/health").body()).isEqualTo("OK");
  }

  @Test
  void aCheckRunsAtMostOnceASecond() {
    http.get("/healthz");
    http.get("/healthz");
    nanos.addAndGet(999_999_999);
    http.get("/healthz");
    assertThat(database.runs).hasValue(1);
    nanos.addAndGet(1);
    http.get("/healthz");
    assertThat(database.runs).hasValue(2);
  }

  @Test
  void aCheckThatThrowsFails() {
    database.broken = true;
    assertThat(http.get("/healthz").body())
        .contains("\"status\":\"down\"")
        .doesNotContain("Exception", "db.internal");
  }

  private static final class Check implements HealthCheck {
    private final String name;
    private final boolean vital;
    private final AtomicInteger runs = new AtomicInteger();
    private volatile boolean healthy = true;
    private volatile boolean broken;

    private Check(String name, boolean vital) {
      this.name = name;
      this.vital = vital;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public boolean vital() {
      return vital;
    }

    @Override
    public Result check() {
      runs.incrementAndGet();
      if (broken) {
        throw new IllegalStateException("db.internal:5432 refused");
      }
      return healthy ? Result.healthy("") : Result.failing("away");
    }
  }

  private static final class Nowhere implements MembershipLookup {
    @Override
    public Optional<Role> orgRole(OrgId org, UserId user) {
      return Optional.empty();
    }

    @Override
    public Optional<RoomStanding> room(RoomId room, UserId user) {
      return Optional.empty();
    }
  }
}
