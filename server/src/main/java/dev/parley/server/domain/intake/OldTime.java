package dev.parley.server.domain.intake;

import dev.parley.server.base.Refusal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Times of another program, as far as they can be kept: whole microseconds from 1970 to 9999.
public final class OldTime {
  private static final Instant END = Instant.ofEpochSecond(253_402_300_800L);

  private OldTime() {}

  /// A time that must be there.
  ///
  /// @throws dev.parley.server.base.RefusedException bad_request, naming the column
  public static Instant required(SourceRow row, String column) {
    return required(column, row.instant(column));
  }

  /// A time that may be there.
  ///
  /// @throws dev.parley.server.base.RefusedException bad_request, naming the column
  public static Optional<Instant> optional(SourceRow row, String column) {
    var at = row.instant(column).map(moment -> moment.truncatedTo(ChronoUnit.MICROS));
    at.ifPresent(moment -> requireKept(column, moment));
    return at;
  }

  /// A time that must be there and was read before.
  ///
  /// @throws dev.parley.server.base.RefusedException bad_request, naming the column
  public static Instant required(String column, Optional<Instant> read) {
    var at =
        read.map(moment -> moment.truncatedTo(ChronoUnit.MICROS))
            .orElseThrow(() -> Refusal.badRequest(column + " is missing or no time"));
    requireKept(column, at);
    return at;
  }

  private static void requireKept(String column, Instant moment) {
    if (moment.isBefore(Instant.EPOCH) || !moment.isBefore(END)) {
      throw Refusal.badRequest(column + " must lie between 1970 and 9999");
    }
  }
}
