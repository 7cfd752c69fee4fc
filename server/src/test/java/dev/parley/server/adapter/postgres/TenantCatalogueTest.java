package dev.parley.server.adapter.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Holds every table, function and grant of the schema, present and future, to the rules of ADR 4.
@ExtendWith(PostgresExtension.class)
final class TenantCatalogueTest {
  /// Functions that run with the owner's rights. Each is a hole in the wall and stands here with
  /// its reason: `org_of_room` and `org_of_file` give the holder of a random id of 128 bits one
  /// more such id; `loose_files` and `search_behind` tell the sweep and the index where to look, in
  /// ids; `heads` how far the logs of rooms are; `search_messages` finds ids within the
  /// transaction's organization; `raise_message_id` lets an import set ids aside, and only skips.
  private static final Set<String> OWNERS_FUNCTIONS =
      Set.of(
          "heads",
          "org_of_room",
          "org_of_file",
          "loose_files",
          "search_behind",
          "search_messages",
          "raise_message_id");

  private final TestDatabase test;

  TenantCatalogueTest(TestDatabase test) {
    this.test = test;
  }

  @Test
  void everyTableOfOrganizationsIsUnderForcedRowLevelSecurity() {
    assertThat(
            ask(
                """
                select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id'
                where c.relnamespace = 'parley'::regnamespace and c.relkind in ('r', 'p')
                  and not (c.relrowsecurity and c.relforcerowsecurity)"""))
        .isEmpty();
  }

  @Test
  void everyTableOfOrganizationsHasAPolicyForReadingAndWriting() {
    assertThat(
            ask(
                """
                select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id'
                where c.relnamespace = 'parley'::regnamespace and c.relkind in ('r', 'p')
                  and not exists (select 1 from pg_policies p
                                  where p.schemaname = 'parley' and p.tablename = c.relname
                                    and p.roles && array['parley_app', 'public']::name[] and p.cmd = 'ALL'
                                    and p.qual like '%current_org()%' and p.with_check like '%current_org()%')"""))
        .isEmpty();
  }

  /// `create or replace function` drops such settings unless it repeats them.
  @Test
  void functionsThatReadMuchOrWriteTheLogKeepTheirPlans() {
    assertThat(
            ask(
                """
                select proname || ' ' || setting from pg_proc, unnest(proconfig) as setting
                where pronamespace = 'parley'::regnamespace and setting like '%=%' and setting not like 'search_path=%'"""))
        .contains(
            "search_messages enable_bitmapscan=on",
            "search_messages enable_seqscan=on",
            "search_behind enable_seqscan=on",
            "search_behind plan_cache_mode=force_custom_plan",
            "append_messages enable_hashjoin=off",
            "append_messages enable_seqscan=off",
            "append_messages plan_cache_mode=force_generic_plan",
            "append_imported enable_hashjoin=off",
            "heads enable_seqscan=off");
  }

  @Test
  void withoutATenantNoTableOfOrganizationsShowsARow() {
    List<String> tables =
        ask(
            """
            select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id'
            where c.relnamespace = 'parley'::regnamespace and c.relkind in ('r', 'p')""");
    assertThat(tables).isNotEmpty();
    for (String table : tables) {
      List<Boolean> rows =
          test.database().global(tx -> tx.query("select from " + table, row -> true));
      assertThat(rows).as(table).isEmpty();
    }
  }

  @Test
  void everythingBelongsToTheOwner() {
    assertThat(
            ask(
                """
                select relname::text || ' of ' || relowner::regrole from pg_class
                where relnamespace = 'parley'::regnamespace and relowner <> 'parley_owner'::regrole
                union all
                select proname::text || ' of ' || proowner::regrole from pg_proc
                where pronamespace = 'parley'::regnamespace and proowner <> 'parley_owner'::regrole"""))
        .isEmpty();
  }

  @Test
  void noFunctionRunsWithTheOwnersRightsButThoseListed() {
    assertThat(
            ask(
                "select proname from pg_proc where pronamespace = 'parley'::regnamespace and prosecdef"))
        .isSubsetOf(OWNERS_FUNCTIONS);
  }

  @Test
  void theLogWriterDeletesNothing() {
    assertThat(
            ask(
                """
                select relname from pg_class
                where relnamespace = 'parley'::regnamespace and relkind in ('r', 'p')
                  and (has_table_privilege('parley_log', oid, 'DELETE')
                    or has_table_privilege('parley_log', oid, 'TRUNCATE')
                    or has_table_privilege('parley_log', oid, 'UPDATE'))"""))
        .isEmpty();
  }

  @Test
  void theApplicationNeitherTruncatesNorReferences() {
    assertThat(
            ask(
                """
                select relname from pg_class
                where relnamespace = 'parley'::regnamespace and relkind in ('r', 'p')
                  and (has_table_privilege('parley_app', oid, 'TRUNCATE')
                    or has_table_privilege('parley_app', oid, 'TRIGGER'))"""))
        .isEmpty();
  }

  private List<String> ask(String sql) {
    var rows = new ArrayList<String>();
    try (var connection = test.connect();
        var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return rows;
  }
}
