package dev.parley.client;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/// The two clocks of a client.
///
/// @param wall the time of day; only ever compared with the expiry of a token
/// @param nanos a clock that never jumps; all timers use it
public record Time(InstantSource wall, LongSupplier nanos) {
  /// The clocks of this machine.
  public static Time system() {
    return new Time(InstantSource.system(), System::nanoTime);
  }
}
