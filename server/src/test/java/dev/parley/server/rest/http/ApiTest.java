package dev.parley.server.rest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.AccessControl;
import dev.parley.server.domain.access.MembershipLookup;
import dev.parley.server.domain.access.Role;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ApiTest {
  private static final Dialect NATIVE = Dialect.ofNative("Test");
  private final Api api = new Api(new AccessControl(new Nowhere()));

  @Test
  void aRouteWithoutAPolicyStopsTheStart() {
    api.route(NATIVE, Verb.GET, "/a", "a", "").query("q", "");
    assertThatThrownBy(api::routes)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("GET /a (a)");
  }

  @Test
  void twoRoutesAtOnePlaceStopTheStart() {
    api.route(NATIVE, Verb.GET, "/a/{b}", "one", "").anonymous(_ -> Answer.done());
    api.route(NATIVE, Verb.GET, "/a/{c}", "two", "").anonymous(_ -> Answer.done());
    assertThatThrownBy(() -> new RouteTable(api.routes()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anOperationHasOneRoute() {
    api.route(NATIVE, Verb.GET, "/a", "a", "").anonymous(_ -> Answer.done());
    assertThatThrownBy(() -> api.route(NATIVE, Verb.GET, "/b", "a", ""))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aRouteKnowsItsParameters() {
    api.route(NATIVE, Verb.GET, "/a/{b}/c/{d_e}", "a", "").anonymous(_ -> Answer.done());
    assertThat(api.routes().getFirst().parameters()).containsExactly("b", "d_e");
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
