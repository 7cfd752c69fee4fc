package dev.parley.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MetricsRoutesTest {
  @Test
  void withoutATokenOnlyThisMachineReads() {
    try (var http = serve(Optional.empty())) {
      assertThat(http.get("/metrics").body()).isEqualTo("metrics 1");
      var proxied = http.request("/metrics").header("X-Forwarded-For", "203.0.113.9");
      assertThat(http.send(proxied).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void withATokenWhoeverShowsIt() {
    try (var http = serve(Optional.of("opens"))) {
      assertThat(http.get("/metrics").statusCode()).isEqualTo(401);
      assertThat(http.send(bearer(http, "opens not")).statusCode()).isEqualTo(401);
      assertThat(http.send(bearer(http, "opens")).body()).isEqualTo("metrics 1");
    }
  }

  private static java.net.http.HttpRequest.Builder bearer(HttpFixture http, String token) {
    return http.request("/metrics").header("Authorization", "Bearer " + token);
  }

  private static HttpFixture serve(Optional<String> token) {
    var api = new Api(new AccessControl(new Nowhere()));
    new MetricsRoutes(() -> "metrics 1", token).register(api);
    var guards =
        new Guards(
            text -> {
              throw new AssertionError(text);
            },
            Throttle.OPEN);
    return new HttpFixture(HttpConfig.DEFAULT, api, guards, Telemetry.SILENT);
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
