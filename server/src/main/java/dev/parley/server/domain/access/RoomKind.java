package dev.parley.server.domain.access;

import dev.parley.server.base.Refusal;
import java.util.Locale;

/// How people get into a room.
public enum RoomKind {
  /// Every member of the organization sees it and may join.
  PUBLIC,
  /// By invitation; its name is shown to its members only.
  PRIVATE,
  /// A private room that lives from its member list rather than a name.
  GROUP,
  /// Two users (or one with themselves); there is one such room per pair, and nobody joins or
  /// leaves.
  DIRECT;

  /// The kind of a wire name such as `public`.
  public static RoomKind ofWireName(String name) {
    for (var kind : values()) {
      if (kind.wireName().equals(name)) {
        return kind;
      }
    }
    throw Refusal.badRequest("kind must be one of public, private, group, direct");
  }

  /// The name on the wire, in lower case.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
