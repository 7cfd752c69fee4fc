package dev.parley.server.domain.presence;

/// A family of sockets whose people see each other as connected. Somebody is online as soon as one
/// of them has a socket of theirs.
///
/// @param name a short constant; never anything that a client says
public record Circle(String name) implements Comparable<Circle> {
  /// The sockets that speak `parley.v1`.
  public static final Circle NATIVE = new Circle("native");

  @Override
  public int compareTo(Circle other) {
    return name.compareTo(other.name);
  }
}
