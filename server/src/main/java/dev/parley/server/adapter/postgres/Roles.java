package dev.parley.server.adapter.postgres;

import java.util.List;

/// The three roles (docs/adr/0004-database-roles.md). Nobody logs in as one of them: the user of
/// the configuration is a member of all and changes into one.
final class Roles {
  /// Owns the schema and runs the migrations.
  static final String OWNER = "parley_owner";

  /// Runs the application: reads and writes rows, within the policies; owns nothing.
  static final String APP = "parley_app";

  /// Runs the log's writer lanes: may do what they need to, for every organization, and no more.
  static final String LOG = "parley_log";

  static final List<String> ALL = List.of(OWNER, APP, LOG);

  private Roles() {}
}
