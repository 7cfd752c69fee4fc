package dev.parley.protocol;

/// A place in one log: everything up to and including `pos` of the history named `epoch` is known.
public record Cursor(String epoch, long pos) {
  public Cursor {
    if (pos < 0) {
      throw new IllegalArgumentException("pos must not be negative: " + pos);
    }
  }
}
