package dev.parley.server.compat;

import dev.parley.server.domain.intake.Intake;
import dev.parley.server.domain.intake.Report;
import dev.parley.server.domain.intake.Source;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/// Takes over the tables of one seed's own database.
public interface SeedImport {
  /// The family of clients that wrote them.
  String family();

  /// Whether these tables, with these columns, are that seed's.
  boolean fits(Map<String, Set<String>> tables);

  /// Reads all tables and takes over what is in them.
  void run(Source source, Intake intake, Report report);

  /// Whether a table is there with these columns at least.
  static boolean has(Map<String, Set<String>> tables, String table, String... columns) {
    return tables.getOrDefault(table, Set.of()).containsAll(Arrays.asList(columns));
  }
}
