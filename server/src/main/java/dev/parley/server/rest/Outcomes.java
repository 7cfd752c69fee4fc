package dev.parley.server.rest;

import dev.parley.server.base.OutageException;
import dev.parley.server.base.RefusedException;
import dev.parley.server.domain.room.RoomLog.Outcome;
import java.io.IOException;

/// Tells what became of a message in the way of HTTP: an answer or a problem.
final class Outcomes {
  private Outcomes() {}

  /// The message that was posted, now or before.
  static Outcome.Posted posted(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Posted posted -> posted;
      case Outcome.Refused(var refusal) -> throw new RefusedException(refusal);
      case Outcome.Unknown() -> throw unknown();
    };
  }

  /// Nobody knows what became of it.
  static OutageException unknown() {
    return new OutageException(
        OutageException.Kind.UNKNOWN, "the append was not answered", new IOException("stopping"));
  }
}
