package dev.parley.server.adapter.postgres;

import dev.parley.server.base.OutageException;
import dev.parley.server.base.OutageException.Kind;
import java.sql.SQLException;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// Says what a failure of the database means: come again, an outage, or a defect of ours. By
/// SQLSTATE (PostgreSQL documentation, appendix A).
final class SqlFailures {
  private static final Set<String> CONFLICTS = Set.of("40001", "40P01");
  private static final String DISK_FULL = "53100";

  /// Lock not available, statement timeout, read-only: the server of before a failover.
  private static final Set<String> OUTAGES = Set.of("55P03", "57014", "25006");

  /// Connection failures, resources used up, shut down by an operator, errors of the machine.
  private static final Set<String> OUTAGE_CLASSES = Set.of("08", "53", "57", "58");

  private SqlFailures() {}

  /// What a failure before the commit means: nothing was done.
  static RuntimeException translate(SQLException failure) {
    String state = state(failure);
    if (CONFLICTS.contains(state)) {
      return new ConflictException(failure);
    }
    if (state.equals(DISK_FULL)) {
      return new OutageException(Kind.STORAGE_FULL, "the database has no space left", failure);
    }
    if (isOutage(state)) {
      return new OutageException(
          Kind.UNAVAILABLE, "the database is unavailable (" + state + ")", failure);
    }
    return new DatabaseException(
        String.valueOf(failure.getMessage()), state, constraint(failure), failure);
  }

  /// What a failure of the commit means: it may have been done, if the answer was lost on the way.
  static RuntimeException translateCommit(SQLException failure) {
    RuntimeException meaning = translate(failure);
    if (meaning instanceof OutageException outage && outage.kind() == Kind.UNAVAILABLE) {
      return new OutageException(Kind.UNKNOWN, "the answer to a commit was lost", failure);
    }
    return meaning;
  }

  private static boolean isOutage(String state) {
    String stateClass = state.substring(0, Math.min(2, state.length()));
    return OUTAGES.contains(state) || OUTAGE_CLASSES.contains(stateClass);
  }

  private static String state(SQLException failure) {
    String state = failure.getSQLState();
    return state == null ? "" : state;
  }

  private static String constraint(SQLException failure) {
    ServerErrorMessage details =
        failure instanceof PSQLException e ? e.getServerErrorMessage() : null;
    String constraint = details == null ? null : details.getConstraint();
    return constraint == null ? "" : constraint;
  }
}
