package dev.parley.server.domain.identity;

/// What somebody typed to say who they are: a username, or an address if it holds an `@`.
///
/// Nothing is refused here: what cannot be a name simply belongs to nobody, so that a wrong name
/// looks like a wrong password.
///
/// @param key the key to look for; empty if no account can have it
record LoginName(String key, boolean email) {
  private static final int MAX = 254;

  static LoginName of(String typed) {
    var text = typed.strip();
    boolean usable = text.length() <= MAX && text.chars().noneMatch(LoginName::unstorable);
    return new LoginName(usable ? Username.key(text) : "", text.indexOf('@') >= 0);
  }

  private static boolean unstorable(int c) {
    return c == 0;
  }
}
