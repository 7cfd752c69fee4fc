package dev.parley.server.base;

import java.util.UUID;

/// Names an organization, the tenant and the boundary of row-level security.
public record OrgId(UUID value) implements Comparable<OrgId> {
  /// The id of this text, which must be a UUID.
  public static OrgId of(String text) {
    return new OrgId(Ids.uuid("organization id", text));
  }

  @Override
  public int compareTo(OrgId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
