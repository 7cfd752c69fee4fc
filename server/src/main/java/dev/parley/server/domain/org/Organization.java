package dev.parley.server.domain.org;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.UserId;
import java.time.Instant;
import java.util.Optional;

/// The tenant: everything but accounts belongs to exactly one.
///
/// @param handle the name by which the open realm knows it; only open organizations have one, and
///   anybody may act in them without proving who they are
public record Organization(
    OrgId id, String name, Optional<String> handle, UserId createdBy, Instant createdAt) {
  /// Whether it belongs to the open realm.
  public boolean open() {
    return handle.isPresent();
  }
}
