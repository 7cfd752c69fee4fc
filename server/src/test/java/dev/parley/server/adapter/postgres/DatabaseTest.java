package dev.parley.server.adapter.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.UserId;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
final class DatabaseTest {
  private static final OrgId ORG = new OrgId(new UUID(1, 2));

  private final Database database;

  DatabaseTest(TestDatabase test) {
    this.database = test.database();
  }

  @Test
  void setsTheTenantForTheTransactionOnly() {
    Optional<UUID> inOrg = database.inOrg(ORG, DatabaseTest::tenant);
    Optional<UUID> global = database.global(DatabaseTest::tenant);
    Optional<UUID> inUser = database.inUser(new UserId("ann"), DatabaseTest::tenant);
    assertThat(inOrg).contains(ORG.value());
    assertThat(global).isEmpty();
    assertThat(inUser).isEmpty();
  }

  private static Optional<UUID> tenant(Tx tx) {
    return tx.query("select current_org() as org", row -> row.optionalUuid("org")).getFirst();
  }

  @Test
  void runsInItsRoleEvenAfterReset() {
    String app = database.global(DatabaseTest::role);
    String log = database.log(DatabaseTest::role);
    assertThat(app).isEqualTo("parley_app");
    assertThat(log).isEqualTo("parley_log");
  }

  private static String role(Tx tx) {
    tx.update("reset role");
    return tx.query("select current_user", row -> row.text("current_user")).getFirst();
  }
}
