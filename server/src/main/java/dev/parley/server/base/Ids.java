package dev.parley.server.base;

import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// Makes ids: UUID version 7 (RFC 9562, section 5.7), so that rows made together lie together.
public final class Ids {
  private final InstantSource clock;
  private final RandomGenerator random;

  public Ids(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /// A new id; 74 random bits.
  public UUID uuid() {
    long high = (clock.millis() << 16) | 0x7000 | (random.nextLong() & 0x0FFF);
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  /// A short random name for one history of a log: 52 random bits in base 36.
  public String epoch() {
    return Long.toString(random.nextLong() >>> 12, Character.MAX_RADIX);
  }

  /// Random bytes for secrets; the generator that was handed in must be a secure one.
  public byte[] secret(int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /// Reads a UUID in its 36-character form.
  ///
  /// @throws RefusedException bad_request, naming the field
  public static UUID uuid(String what, String text) {
    try {
      if (text.length() == 36) {
        return UUID.fromString(text);
      }
    } catch (IllegalArgumentException e) {
      // Refused below, like a wrong length.
    }
    throw Refusal.badRequest(what + " must be a UUID");
  }
}
