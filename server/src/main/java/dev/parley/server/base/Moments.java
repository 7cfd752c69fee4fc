package dev.parley.server.base;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/// Times as clients write them.
public final class Moments {
  private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

  private Moments() {}

  /// A moment as RFC 3339 writes it, with any offset, of the years 0 to 9999: every database keeps
  /// those.
  ///
  /// @throws DateTimeException for everything else
  public static Instant parse(String text) {
    var moment = OffsetDateTime.parse(text).toInstant();
    if (moment.isBefore(FIRST) || !moment.isBefore(END)) {
      throw new DateTimeException("a year has four digits");
    }
    return moment;
  }
}
