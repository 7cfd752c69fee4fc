package dev.parley.server.domain.search;

import dev.parley.server.base.Refusal;
import java.util.Locale;

/// Something that a message may have, for `has:`.
public enum Mark {
  FILE,
  LINK,
  REACTION,
  PIN;

  /// The mark of a wire name such as `file`.
  static Mark ofWireName(String name) {
    for (var mark : values()) {
      if (mark.name().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
        return mark;
      }
    }
    throw Refusal.badRequest("has: knows file, link, reaction and pin");
  }
}
