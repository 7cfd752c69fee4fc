package dev.parley.server.adapter.postgres;

import dev.parley.server.base.Finding;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Checks in the catalogue that every table with an organization is walled off.
final class TenantChecks {
  /// A policy concerns the application when it names its role or everybody (role 0). One that may
  /// write must compare with the tenant of the transaction; one that only reads must compare with
  /// something.
  private static final String TABLES =
      """
      with concerned as (
        select p.polrelid, p.polname, p.polcmd, p.polqual is not null and p.polwithcheck is not null as both,
               coalesce(pg_get_expr(p.polqual, p.polrelid), '') as qual,
               coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') as checked
        from pg_policy p
        where p.polpermissive and p.polroles && array[0, (select oid from pg_roles where rolname = ?)]::oid[])
      select c.relname, c.relrowsecurity, c.relforcerowsecurity,
             exists (select 1 from concerned p where p.polrelid = c.oid and p.polcmd = '*' and p.both) as complete,
             array(select p.polname::text from concerned p
                   where p.polrelid = c.oid
                     and (p.qual = 'true' or p.checked = 'true'
                       or p.polcmd <> 'r' and (p.qual || p.checked) not like '%current\\_org()%'
                                          and (p.qual || p.checked) not like '%current\\_user\\_id()%')) as loose
      from pg_class c
      where c.relnamespace = 'parley'::regnamespace and c.relkind in ('r', 'p')
        and exists (select 1 from pg_attribute a
                    where a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped)
      order by c.relname""";

  /// A view reads with its owner's eyes unless told otherwise.
  private static final String OPEN_VIEWS =
      """
      select c.relname from pg_class c
      where c.relnamespace = 'parley'::regnamespace and c.relkind in ('v', 'm')
        and has_table_privilege(?, c.oid, 'SELECT')
        and not coalesce(c.reloptions, '{}') && array['security_invoker=true', 'security_invoker=on']""";

  private static final String MIGRATE =
      "Undo the change by hand that made it so, or report a bug of Parley.";

  private TenantChecks() {}

  static List<Finding> run(Connection connection) throws SQLException {
    var refusals = new ArrayList<Finding>();
    int tables = tables(connection, refusals);
    views(connection, refusals);
    return refusals.isEmpty()
        ? List.of(
            Finding.ok(
                "row-level security is forced on all " + tables + " tables of organizations"))
        : refusals;
  }

  private static int tables(Connection connection, List<Finding> refusals) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TABLES)) {
      statement.setString(1, Roles.APP);
      try (ResultSet result = statement.executeQuery()) {
        int tables = 0;
        for (; result.next(); tables++) {
          table(result, refusals);
        }
        return tables;
      }
    }
  }

  private static void table(ResultSet result, List<Finding> refusals) throws SQLException {
    String table = "parley." + result.getString("relname");
    Array loose = result.getArray("loose");
    if (!result.getBoolean("relrowsecurity") || !result.getBoolean("relforcerowsecurity")) {
      refusals.add(
          refusal(
              table + " is not under forced row-level security",
              "ALTER TABLE " + table + " ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"));
    }
    if (!result.getBoolean("complete")) {
      refusals.add(
          refusal(
              table + " has no policy with both USING and WITH CHECK for " + Roles.APP, MIGRATE));
    }
    for (Object policy : Arrays.asList((Object[]) loose.getArray())) {
      refusals.add(
          refusal(
              "The policy " + policy + " on " + table + " does not ask for the organization",
              MIGRATE));
    }
  }

  private static void views(Connection connection, List<Finding> refusals) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(OPEN_VIEWS)) {
      statement.setString(1, Roles.APP);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          refusals.add(
              refusal(
                  "The view parley." + result.getString(1) + " looks past row-level security",
                  MIGRATE));
        }
      }
    }
  }

  private static Finding refusal(String what, String advice) {
    return Finding.refusal(what + ": organizations could see each other's rows.", advice);
  }
}
