package dev.parley.server.domain.presence;

import dev.parley.server.base.UserId;
import java.util.Comparator;

/// A user in a circle, whatever the number of their sockets there. Ordered by circle, then user.
public record Sighting(Circle circle, UserId user) implements Comparable<Sighting> {
  private static final Comparator<Sighting> ORDER =
      Comparator.comparing(Sighting::circle).thenComparing(Sighting::user);

  @Override
  public int compareTo(Sighting other) {
    return ORDER.compare(this, other);
  }
}
