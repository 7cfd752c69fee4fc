package dev.parley.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.domain.limit.Pace;
import dev.parley.server.testing.PostgresExtension;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
final class RequestThrottleTest {
  @Test
  void refusedTokensCountForTheAddress(Database database) throws InterruptedException {
    try (var rest = new RestFixture(database, new Pace(3, Duration.ofHours(1)))) {
      var ann = rest.user();
      assertThat(garbage(rest)).isEqualTo(401);
      assertThat(garbage(rest)).isEqualTo(429);
      ann.get("/api/v1/me");
    }
  }

  private static int garbage(RestFixture rest) {
    var request = rest.http().request("/api/v1/me").header("Authorization", "Bearer garbage");
    return rest.http().send(request).statusCode();
  }

  @Test
  void eachAccountAndEachAddressHasItsOwnPace(Database database) throws InterruptedException {
    // Four for the address: the description and two accounts, and one more.
    try (var rest = new RestFixture(database, new Pace(4, Duration.ofHours(1)))) {
      var ann = rest.user();
      var bob = rest.user();
      for (int i = 0; i < 4; i++) {
        ann.get("/api/v1/me");
      }
      var fifth = ann.send("GET", "/api/v1/me");
      assertThat(fifth.statusCode()).isEqualTo(429);
      assertThat(fifth.headers().firstValueAsLong("Retry-After").orElseThrow())
          .isBetween(3_000L, 3_600L);
      assertThat(fifth.body()).contains("\"code\":\"rate_limited\"");
      bob.get("/api/v1/me");
      assertThat(rest.http().get("/").statusCode()).isEqualTo(200);
      assertThat(rest.http().get("/").statusCode()).isEqualTo(429);
      assertThat(rest.http().get("/healthz").statusCode()).isEqualTo(200);
    }
  }
}
