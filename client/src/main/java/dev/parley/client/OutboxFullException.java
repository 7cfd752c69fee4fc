package dev.parley.client;

/// There are as many unanswered commands as the client may have; nothing was sent or kept.
public final class OutboxFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutboxFullException(int bound) {
    super(bound + " commands are unanswered already; wait for one of their answers");
  }
}
