package dev.parley.server.adapter.postgres.embedded;

/// Hears what a long step is doing, in words for a person who waits.
@FunctionalInterface
public interface Progress {
  void report(String step);
}
