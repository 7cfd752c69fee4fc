package dev.parley.server.adapter.postgres;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.Ticker;
import dev.parley.server.base.UserId;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The only source of transactions, and so the one place where a tenant is set. Row-level security
/// compares every row with the organization or the user that was set here for the length of the
/// transaction; what runs in none sees no tenant's row.
///
/// Every method blocks, at most two seconds for a free connection and ten seconds in a statement.
/// It throws [OutageException] when the database is away, and [DatabaseException] for a defect.
/// Thread-safe.
public final class Database implements AutoCloseable {
  private final Pool app;
  private final Pool log;

  private Database(Pool app, Pool log) {
    this.app = app;
    this.log = log;
  }

  /// Opens the pools; they connect in the background. The schema must be there: see [Migrations].
  ///
  /// @param random spreads repetitions
  public static Database open(
      DatabaseConfig config, RandomGenerator random, Telemetry telemetry, Ticker ticker) {
    var app = Pool.connect(config, Roles.APP, config.appConnections());
    var log = Pool.connect(config, Roles.LOG, config.logConnections());
    return new Database(
        new Pool("app", app, Statements.Plans.ANEW_FOR_LISTS, random, telemetry, ticker),
        new Pool("log", log, Statements.Plans.KEPT, random, telemetry, ticker));
  }

  /// Runs work for one organization.
  public <R extends @Nullable Object> R inOrg(OrgId org, Work<OrgTx, R> work) {
    return app.run(statements -> new OrgTx(set(statements, "parley.org_id", org.toString())), work);
  }

  /// Runs work for one user, over all organizations.
  public <R extends @Nullable Object> R inUser(UserId user, Work<UserTx, R> work) {
    return app.run(statements -> new UserTx(set(statements, "parley.user_id", user.value())), work);
  }

  /// Runs work on the tables without a tenant.
  public <R extends @Nullable Object> R global(Work<GlobalTx, R> work) {
    return app.run(GlobalTx::new, work);
  }

  /// Runs work of the log's writer lanes, on connections of their own.
  public <R extends @Nullable Object> R log(Work<LogTx, R> work) {
    return log.run(LogTx::new, work);
  }

  /// Connections for db-scheduler, which needs them raw: they are the application's, in no tenant,
  /// so that they see the table of its jobs and no organization's row. For this package only
  /// (docs/adr/0007-reminders.md).
  DataSource jobs() {
    return app.connections();
  }

  /// How many of these connections jobs may hold at a time and leave enough for requests: half of
  /// them, one at least.
  int jobConnections() {
    return Math.max(1, app.connections().getMaximumPoolSize() / 2);
  }

  @Override
  public void close() {
    app.close();
    log.close();
  }

  /// The driver sends BEGIN together with this first statement, so it costs one round trip.
  private static Statements set(Statements statements, String name, String value) {
    statements.query("select set_config(?, ?, true)", row -> true, name, value);
    return statements;
  }
}
