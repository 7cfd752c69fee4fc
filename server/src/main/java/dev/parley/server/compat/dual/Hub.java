package dev.parley.server.compat.dual;

import dev.parley.server.domain.presence.Circle;

/// One of the fourth seed's hubs: everybody who is connected to it hears everybody else.
enum Hub {
  CHAT("chat", "Chat"),
  NOTIFICATIONS("notifications", "Notifications");

  private final String alias;
  private final String title;

  Hub(String alias, String title) {
    this.alias = alias;
    this.title = title;
  }

  /// The alias of its room, which is also its name in labels.
  String alias() {
    return alias;
  }

  /// The name of its room.
  String title() {
    return title;
  }

  Circle circle() {
    return new Circle("dual." + alias);
  }
}
