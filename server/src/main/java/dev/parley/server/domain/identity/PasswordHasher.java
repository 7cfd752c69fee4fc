package dev.parley.server.domain.identity;

/// Turns passwords into what may be kept of them. Both methods burn tens of milliseconds of
/// processor time and tens of MiB of memory; only [Passwords] calls them.
public interface PasswordHasher {
  /// A salted hash in PHC string form; never the same twice.
  String hash(Password password);

  /// Compares with a kept hash of any form that this server or its forebears wrote. A hash of
  /// unknown form matches nothing.
  Verdict verify(Password password, String hash);

  /// Whether a kept hash is of a form that [#verify] compares with.
  boolean knows(String hash);

  /// What comparing told.
  enum Verdict {
    WRONG,
    RIGHT,
    /// Right, but the hash is of another form than new ones are: keep a new one.
    RIGHT_BUT_OLD
  }
}
