package dev.parley.server.base;

/// Carries a [Refusal] to the edge, where it becomes an answer. No stack trace: it is no defect.
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  public RefusedException(Refusal refusal) {
    super(refusal.message(), null, false, false);
    this.refusal = refusal;
  }

  /// Why.
  public Refusal refusal() {
    return refusal;
  }
}
