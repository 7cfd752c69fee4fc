package dev.parley.server.domain.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/// Names for what another program has kept. The same row gets the same name in every run, and two
/// rows of two databases never do, for all that never changes about a row goes into it.
public final class OldIds {
  private OldIds() {}

  /// The op of a message.
  ///
  /// @param family whose clients wrote it
  /// @param place its room, or its pair of people
  public static UUID message(String family, long id, String place, String author, Instant takenAt) {
    var at = takenAt.truncatedTo(ChronoUnit.MICROS);
    var name =
        String.join("\0", "parley import", family, Long.toString(id), place, author, at.toString());
    // RFC 9562, version 3: made of a name, which is no secret.
    return UUID.nameUUIDFromBytes(name.getBytes(UTF_8));
  }
}
