package dev.parley.server.compat.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.base.Limits;
import dev.parley.server.compat.SeedHttp;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// How much people without an account can put into the database.
@ExtendWith(PostgresExtension.class)
final class WorkspaceLimitsTest {
  @Test
  void organizationsAndGroupsHaveAnEnd(TestDatabase database) {
    try (var server = TestServer.start(database, Map.of())) {
      var http = new SeedHttp(server.http());
      http.post("/api/v1/orgs", "{\"id\":\"o\",\"name\":\"O\"}");
      database.execute(
          """
          insert into parley.org (org_id, name, handle, open, created_by, created_at)
          select gen_random_uuid(), 'many', 'ws:many' || n, true, 'open:ws:', now()
            from generate_series(1, %d) n
          """
              .formatted(Limits.OPEN - 1),
          """
          insert into parley.room (org_id, room_id, kind, alias, name, epoch, last_at, created_by, created_at)
          select o.org_id, gen_random_uuid(), 'public', 'g' || n, 'many', 'e', now(), 'open:ws:', now()
            from parley.org o, generate_series(1, %d) n where o.handle = 'ws:o'
          """
              .formatted(Limits.OPEN));
      var org = http.post("/api/v1/orgs", "{\"id\":\"more\",\"name\":\"More\"}");
      assertThat(org.status()).isEqualTo(403);
      assertThat(org.error()).contains("too many");
      var group = http.post("/api/v1/orgs/o/groups", "{\"id\":\"more\",\"name\":\"More\"}");
      assertThat(group.status()).isEqualTo(403);
      assertThat(http.get("/api/v1/orgs").json()).hasSize(Limits.OPEN);
      assertThat(http.get("/api/v1/orgs/o/groups").json()).hasSize(Limits.OPEN);
    }
  }
}
