package dev.parley.server.adapter.postgres;

import dev.parley.server.base.Finding;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/// Checks that the database keeps the promises that Parley makes upon it: what is committed stays,
/// what belongs to one organization is seen by no other.
public final class DatabaseChecks {
  private static final int MIN_VERSION = 15;
  private static final String NO_SUCH_DATABASE = "3D000";
  private static final int VERSION_UNIT = 10_000;
  private static final Duration MAX_CLOCK_DIFFERENCE = Duration.ofSeconds(5);

  private final DatabaseConfig config;
  private final InstantSource clock;

  public DatabaseChecks(DatabaseConfig config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
  }

  /// What the server itself was found to be like, good or bad; to be asked before anything is
  /// changed in it. A database that does not exist yet is judged by its server.
  public List<Finding> server() {
    var findings = new ArrayList<Finding>();
    try (Connection connection = config.dataSource().getConnection()) {
      server(connection, config.database(), findings);
    } catch (SQLException e) {
      if (!NO_SUCH_DATABASE.equals(e.getSQLState())) {
        return List.of(unreachable(e));
      }
      return ofServerAlone();
    }
    return findings;
  }

  private List<Finding> ofServerAlone() {
    var findings = new ArrayList<Finding>();
    try (Connection connection = config.withDatabase("postgres").dataSource().getConnection()) {
      server(connection, config.database(), findings);
    } catch (SQLException e) {
      return List.of(unreachable(e));
    }
    return findings;
  }

  /// Everything that was looked at, good or bad; to be run after the migrations. A database that
  /// cannot be reached is a finding too.
  public List<Finding> run() {
    var findings = new ArrayList<Finding>();
    try (Connection connection = config.dataSource().getConnection()) {
      server(connection, config.database(), findings);
      roles(connection, findings);
      findings.addAll(TenantChecks.run(connection));
      clock(connection, findings);
    } catch (SQLException e) {
      findings.add(unreachable(e));
    }
    return findings;
  }

  private Finding unreachable(SQLException e) {
    return Finding.refusal(
        "The database " + config + " cannot be asked: " + e.getMessage(),
        "Check that it runs and that DATABASE_URL is right.");
  }

  /// What kind of text a database keeps shows only in itself.
  private static void server(Connection connection, String database, List<Finding> findings)
      throws SQLException {
    String query =
        """
        select current_setting('server_version_num')::int as version,
               current_setting('server_version') as version_text,
               current_setting('fsync') as fsync,
               current_setting('full_page_writes') as full_page_writes,
               current_setting('synchronous_commit') as synchronous_commit,
               current_setting('server_encoding') as encoding,
               pg_is_in_recovery() as in_recovery""";
    try (PreparedStatement statement = connection.prepareStatement(query);
        ResultSet result = statement.executeQuery()) {
      result.next();
      version(result, findings);
      for (String setting : List.of("fsync", "full_page_writes", "synchronous_commit")) {
        findings.add(durable(setting, result.getString(setting)));
      }
      if (connection.getCatalog().equals(database)) {
        findings.add(encoding(result.getString("encoding")));
      }
      if (result.getBoolean("in_recovery")) {
        findings.add(
            Finding.refusal(
                "The database is a read-only standby.", "Point DATABASE_URL to the primary."));
      }
    }
  }

  private static void version(ResultSet result, List<Finding> findings) throws SQLException {
    String text = result.getString("version_text");
    findings.add(
        result.getInt("version") >= MIN_VERSION * VERSION_UNIT
            ? Finding.ok("PostgreSQL " + text)
            : Finding.refusal(
                "The database is PostgreSQL " + text + ", which is too old.",
                "Use PostgreSQL " + MIN_VERSION + " or newer."));
  }

  private static Finding durable(String setting, String value) {
    if (!value.equals("off")) {
      return Finding.ok(setting + " = " + value);
    }
    return Finding.refusal(
        setting + " is off: an acknowledged message could be lost in a crash.",
        "Set "
            + setting
            + " = on in the server's configuration, and for the role and the database.");
  }

  private static Finding encoding(String encoding) {
    return encoding.equals("UTF8")
        ? Finding.ok("server_encoding = UTF8")
        : Finding.refusal(
            "The database stores text as " + encoding + ".",
            "Create it with ENCODING 'UTF8' TEMPLATE template0.");
  }

  private static void roles(Connection connection, List<Finding> findings) throws SQLException {
    String query =
        """
        select r.rolname, r.rolsuper, r.rolbypassrls, pg_has_role(r.oid, ?, 'MEMBER') as is_owner,
               exists (select 1 from pg_shdepend d
                        where d.refclassid = 'pg_authid'::regclass and d.refobjid = r.oid and d.deptype = 'o') as owns
        from pg_roles r where r.rolname in (?, ?)""";
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, Roles.OWNER);
      statement.setString(2, Roles.APP);
      statement.setString(3, Roles.LOG);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          findings.add(role(result));
        }
      }
    }
  }

  private static Finding role(ResultSet result) throws SQLException {
    String name = result.getString("rolname");
    var wrong = new ArrayList<String>();
    note(wrong, result.getBoolean("rolsuper"), "is a superuser");
    note(wrong, result.getBoolean("rolbypassrls"), "has BYPASSRLS");
    note(wrong, result.getBoolean("is_owner"), "is a member of " + Roles.OWNER);
    note(wrong, result.getBoolean("owns"), "owns objects");
    if (wrong.isEmpty()) {
      return Finding.ok("role " + name + " is bound by row-level security");
    }
    return Finding.refusal(
        "The role "
            + name
            + " "
            + String.join(" and ", wrong)
            + ", so it could see other organizations' rows.",
        "ALTER ROLE "
            + name
            + " NOSUPERUSER NOBYPASSRLS; REASSIGN OWNED BY "
            + name
            + " TO "
            + Roles.OWNER
            + ";");
  }

  private static void note(List<String> wrong, boolean holds, String what) {
    if (holds) {
      wrong.add(what);
    }
  }

  private void clock(Connection connection, List<Finding> findings) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select clock_timestamp() as now")) {
      Instant before = clock.instant();
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        Instant middle = before.plus(Duration.between(before, clock.instant()).dividedBy(2));
        Instant there = result.getObject("now", OffsetDateTime.class).toInstant();
        findings.add(clock(Duration.between(middle, there)));
      }
    }
  }

  private static Finding clock(Duration difference) {
    String text =
        "The database's clock differs from this machine's by " + difference.toMillis() + " ms";
    return difference.abs().compareTo(MAX_CLOCK_DIFFERENCE) <= 0
        ? Finding.ok(text)
        : Finding.warning(
            text + ".", "Let NTP set both clocks; tokens are judged by this machine's clock.");
  }
}
