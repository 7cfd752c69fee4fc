package dev.parley.server.base;

/// Looks at one thing that the server needs.
public interface HealthCheck {
  /// The name in the health answer, such as `database`.
  String name();

  /// Whether the server can do nothing useful without it: if so, a failure turns `/healthz` to 503.
  boolean vital();

  /// Looks; blocks for a short while at most. What it throws counts as a failure.
  Result check();

  /// What was seen.
  ///
  /// @param detail one short line for an operator, free of secrets
  record Result(boolean healthy, String detail) {
    /// All is well.
    public static Result healthy(String detail) {
      return new Result(true, detail);
    }

    /// Something is wrong.
    public static Result failing(String detail) {
      return new Result(false, detail);
    }
  }
}
