package dev.parley.server.base;

/// A clock that never jumps: nanoseconds since some moment of this process. All timeouts use it
/// (C11).
@FunctionalInterface
public interface Ticker {
  /// The machine's own monotonic clock.
  Ticker SYSTEM = System::nanoTime;

  /// Nanoseconds since an arbitrary moment; only differences mean anything.
  long nanos();
}
