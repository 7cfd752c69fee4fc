package dev.parley.server.adapter.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.OutageException.Kind;
import dev.parley.server.base.UserId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/// The only source of transactions, and so the one place where a tenant is set. Row-level security
/// compares every row with the organization or the user that was set here for the length of the
/// transaction; what runs in none sees no tenant's row.
///
/// Every method blocks, at most two seconds for a free connection and ten seconds in a statement.
/// It throws [OutageException] when the database is away, and [DatabaseException] for a defect.
/// Thread-safe.
public final class Database implements AutoCloseable {
  private static final int MAX_ATTEMPTS = 3;
  private static final int SOCKET_SECONDS = 15;
  private static final String STATEMENT_TIMEOUT = "10s";
  private static final Duration ACQUIRE = Duration.ofSeconds(2);
  private static final Duration MAX_PAUSE = Duration.ofMillis(20);

  private final HikariDataSource app;
  private final HikariDataSource log;
  private final RandomGenerator random;

  private Database(HikariDataSource app, HikariDataSource log, RandomGenerator random) {
    this.app = app;
    this.log = log;
    this.random = random;
  }

  /// Opens the pools; they connect in the background. The schema must be there: see [Migrations].
  ///
  /// @param random spreads repetitions
  public static Database open(DatabaseConfig config, RandomGenerator random) {
    return new Database(
        pool(config, Roles.APP, config.appConnections()),
        pool(config, Roles.LOG, config.logConnections()),
        random);
  }

  /// Runs work for one organization.
  public <R extends @Nullable Object> R inOrg(OrgId org, Work<OrgTx, R> work) {
    return run(
        app, statements -> new OrgTx(set(statements, "parley.org_id", org.toString())), work);
  }

  /// Runs work for one user, over all organizations.
  public <R extends @Nullable Object> R inUser(UserId user, Work<UserTx, R> work) {
    return run(
        app, statements -> new UserTx(set(statements, "parley.user_id", user.value())), work);
  }

  /// Runs work on the tables without a tenant.
  public <R extends @Nullable Object> R global(Work<GlobalTx, R> work) {
    return run(app, GlobalTx::new, work);
  }

  /// Runs work of the log's writer lanes, on connections of their own.
  public <R extends @Nullable Object> R log(Work<LogTx, R> work) {
    return run(log, LogTx::new, work);
  }

  /// How busy the pool of the application is.
  public PoolUse appUse() {
    return PoolUse.of(app);
  }

  /// How busy the pool of the log's writer lanes is.
  public PoolUse logUse() {
    return PoolUse.of(log);
  }

  @Override
  public void close() {
    app.close();
    log.close();
  }

  private <T extends Tx, R extends @Nullable Object> R run(
      HikariDataSource pool, Function<Statements, T> begin, Work<T, R> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return runOnce(pool, begin, work);
      } catch (ConflictException e) {
        if (attempt == MAX_ATTEMPTS) {
          throw new OutageException(
              Kind.UNAVAILABLE, "the transaction met conflicts again and again", e);
        }
        LockSupport.parkNanos(random.nextLong(MAX_PAUSE.toNanos()));
      }
    }
  }

  private static <T extends Tx, R extends @Nullable Object> R runOnce(
      HikariDataSource pool, Function<Statements, T> begin, Work<T, R> work) {
    try (Connection connection = acquire(pool)) {
      var statements = new Statements(connection);
      try {
        R result = work.run(begin.apply(statements));
        commit(connection);
        return result;
      } catch (Throwable e) {
        rollback(connection, e);
        throw e;
      } finally {
        statements.end();
      }
    } catch (SQLException e) {
      throw SqlFailures.translate(
          e); // From close() alone, which never fails on a pooled connection.
    }
  }

  private static Connection acquire(HikariDataSource pool) {
    try {
      return pool.getConnection();
    } catch (SQLException e) {
      throw new OutageException(Kind.UNAVAILABLE, "no connection to the database", e);
    }
  }

  private static void commit(Connection connection) {
    try {
      connection.commit();
    } catch (SQLException e) {
      throw SqlFailures.translateCommit(e);
    }
  }

  private static void rollback(Connection connection, Throwable reason) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  /// The driver sends BEGIN together with this first statement, so it costs one round trip.
  private static Statements set(Statements statements, String name, String value) {
    statements.query("select set_config(?, ?, true)", row -> true, name, value);
    return statements;
  }

  private static HikariDataSource pool(DatabaseConfig config, String role, int size) {
    var pool = new HikariConfig();
    pool.setPoolName(role);
    pool.setDataSource(source(config, role));
    pool.setMaximumPoolSize(size);
    pool.setConnectionTimeout(ACQUIRE.toMillis());
    pool.setInitializationFailTimeout(-1);
    pool.setAutoCommit(false);
    pool.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    return new HikariDataSource(pool);
  }

  private static PGSimpleDataSource source(DatabaseConfig config, String role) {
    PGSimpleDataSource source =
        config.dataSource(
            Map.of(
                "role",
                role,
                "search_path",
                "parley",
                "statement_timeout",
                STATEMENT_TIMEOUT,
                "timezone",
                "UTC"));
    source.setSocketTimeout(SOCKET_SECONDS);
    return source;
  }
}
