package dev.parley.server.rest;

import dev.parley.server.base.UserId;

/// Finds accounts by their public names.
@FunctionalInterface
public interface People {
  /// The account of a username.
  ///
  /// @throws dev.parley.server.base.RefusedException not_found
  UserId named(String username);
}
