package dev.parley.server.adapter.token;

/// A token is not to be believed. It does not say why: the answer is the same for all reasons.
final class UntrustedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UntrustedException() {
    super("untrusted", null, false, false);
  }
}
