package dev.parley.server.rest.http;

import dev.parley.server.domain.access.Role;

/// Who may call a route. Every route has exactly one; there is no default.
public sealed interface Policy {
  /// Anybody, without saying who they are.
  record Anonymous() implements Policy {}

  /// Anybody who only says a name, as long as the open realm is switched on.
  record OpenRealm() implements Policy {}

  /// Whoever proves an account.
  record SignedIn() implements Policy {}

  /// Members of the organization in the path, from this role up.
  record InOrg(Role least) implements Policy {}

  /// Whoever may see the room in the path: its members, and for a public room its organization.
  record MayLook() implements Policy {}

  /// Members of the room in the path, from this role up.
  record InRoom(Role least) implements Policy {}

  /// Whether a token is needed.
  default boolean needsToken() {
    return switch (this) {
      case Anonymous() -> false;
      case OpenRealm() -> false;
      case SignedIn() -> true;
      case InOrg(_) -> true;
      case MayLook() -> true;
      case InRoom(_) -> true;
    };
  }
}
