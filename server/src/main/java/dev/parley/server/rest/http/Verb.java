package dev.parley.server.rest.http;

import java.util.Optional;

/// The methods that a route may have. HEAD is answered by GET, OPTIONS by the front door.
public enum Verb {
  GET,
  POST,
  PUT,
  PATCH,
  DELETE;

  /// Whether a body may come with it.
  boolean takesBody() {
    return this != GET;
  }

  /// The verb of a method name; empty for others.
  static Optional<Verb> of(String method) {
    if (method.equals("HEAD")) {
      return Optional.of(GET);
    }
    for (var verb : values()) {
      if (verb.name().equals(method)) {
        return Optional.of(verb);
      }
    }
    return Optional.empty();
  }
}
