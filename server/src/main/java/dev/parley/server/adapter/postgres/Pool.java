package dev.parley.server.adapter.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.parley.server.base.Metric;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.OutageException.Kind;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.Ticker;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/// Connections of one role, and the life of a transaction on them: begin, commit, roll back,
/// repeat.
final class Pool implements AutoCloseable {
  private static final int MAX_ATTEMPTS = 3;
  private static final int SOCKET_SECONDS = 15;
  private static final String STATEMENT_TIMEOUT = "10s";
  private static final String IDLE_IN_TRANSACTION = "15s";
  private static final Map<String, String> SETTINGS =
      Map.of(
          "search_path",
          "parley",
          "statement_timeout",
          STATEMENT_TIMEOUT,
          "idle_in_transaction_session_timeout",
          IDLE_IN_TRANSACTION,
          // A node that vanished must not hold its locks until the kernel gives up after hours.
          "tcp_keepalives_idle",
          "10",
          "tcp_keepalives_interval",
          "5",
          "tcp_keepalives_count",
          "3",
          "timezone",
          "UTC");

  /// A plan is kept with its connection. One that was made while a table was new reads the whole of
  /// it when it has grown. What runs here reaches every table by a key; functions that read much
  /// allow themselves the other ways. See [Statements] for joins with lists.
  private static final List<String> PLANS_TO_AVOID = List.of("enable_seqscan", "enable_bitmapscan");

  private static final Duration ACQUIRE = Duration.ofSeconds(2);
  private static final Duration MAX_PAUSE = Duration.ofMillis(20);

  private final HikariDataSource connections;
  private final RandomGenerator random;
  private final Ticker ticker;
  private final Telemetry telemetry;
  private final Statements.Plans plans;
  private final Telemetry.Timer seconds;
  private final Telemetry.Counter conflicts;

  Pool(
      String name,
      HikariDataSource connections,
      Statements.Plans plans,
      RandomGenerator random,
      Telemetry telemetry,
      Ticker ticker) {
    this.connections = connections;
    this.plans = plans;
    this.random = random;
    this.ticker = ticker;
    this.telemetry = telemetry;
    this.seconds = telemetry.timer(Metric.DB_SECONDS, name);
    this.conflicts = telemetry.counter(Metric.DB_CONFLICTS, name);
    telemetry.gauge(
        Metric.DB_CONNECTIONS, () -> use(HikariPoolMXBean::getActiveConnections), name, "active");
    telemetry.gauge(
        Metric.DB_CONNECTIONS, () -> use(HikariPoolMXBean::getIdleConnections), name, "idle");
    telemetry.gauge(
        Metric.DB_WAITING, () -> use(HikariPoolMXBean::getThreadsAwaitingConnection), name);
  }

  /// Connects in the background, each connection changed into the role from its first moment.
  static HikariDataSource connect(DatabaseConfig config, String role, int size) {
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
    var settings = new HashMap<>(SETTINGS);
    PLANS_TO_AVOID.forEach(plan -> settings.put(plan, "off"));
    settings.put("role", role);
    PGSimpleDataSource source = config.dataSource(settings);
    source.setSocketTimeout(SOCKET_SECONDS);
    return source;
  }

  /// Runs work in a transaction, again if another transaction was in its way.
  <T extends Tx, R extends @Nullable Object> R run(Function<Statements, T> begin, Work<T, R> work) {
    try {
      return repeat(begin, work);
    } catch (OutageException e) {
      telemetry.counter(Metric.DB_OUTAGES, e.kind().name().toLowerCase(Locale.ROOT)).increment();
      throw e;
    }
  }

  private <T extends Tx, R extends @Nullable Object> R repeat(
      Function<Statements, T> begin, Work<T, R> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return runOnce(begin, work);
      } catch (ConflictException e) {
        conflicts.increment();
        if (attempt == MAX_ATTEMPTS) {
          throw new OutageException(
              Kind.UNAVAILABLE, "the transaction met conflicts again and again", e);
        }
        LockSupport.parkNanos(random.nextLong(MAX_PAUSE.toNanos()));
      }
    }
  }

  private <T extends Tx, R extends @Nullable Object> R runOnce(
      Function<Statements, T> begin, Work<T, R> work) {
    try (Connection connection = acquire()) {
      long start = ticker.nanos();
      R result = run(connection, begin, work);
      seconds.record(ticker.nanos() - start);
      return result;
    } catch (SQLException e) {
      // From close() alone, which never fails on a pooled connection.
      throw SqlFailures.translate(e);
    }
  }

  private <T extends Tx, R extends @Nullable Object> R run(
      Connection connection, Function<Statements, T> begin, Work<T, R> work) {
    var statements = new Statements(connection, plans);
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
  }

  /// The bare connections, for what brings its own idea of a transaction.
  HikariDataSource connections() {
    return connections;
  }

  private Connection acquire() {
    try {
      return connections.getConnection();
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

  private long use(ToLongFunction<HikariPoolMXBean> what) {
    HikariPoolMXBean pool = connections.getHikariPoolMXBean();
    return pool == null ? 0 : what.applyAsLong(pool);
  }

  @Override
  public void close() {
    connections.close();
  }
}
