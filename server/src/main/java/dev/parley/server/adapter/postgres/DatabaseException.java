package dev.parley.server.adapter.postgres;

/// The database refused a statement that we should not have sent: a defect of ours.
public final class DatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String sqlState;
  private final String constraint;

  DatabaseException(String message) {
    super(message);
    this.sqlState = "";
    this.constraint = "";
  }

  DatabaseException(String message, String sqlState, String constraint, Throwable cause) {
    super(message, cause);
    this.sqlState = sqlState;
    this.constraint = constraint;
  }

  /// The SQLSTATE (PostgreSQL documentation, appendix A), or empty.
  public String sqlState() {
    return sqlState;
  }

  /// The constraint that was violated, or empty.
  public String constraint() {
    return constraint;
  }
}
