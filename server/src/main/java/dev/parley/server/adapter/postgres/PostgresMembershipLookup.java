package dev.parley.server.adapter.postgres;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.MembershipLookup;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomKind;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads memberships. In an open organization everybody of the open realm counts as a member, and
/// accounts count as nobody: there is no path between the two.
public final class PostgresMembershipLookup implements MembershipLookup {
  private static final String ORG_ROLE =
      """
      select case when ? then case when o.open then 'member' end else m.role end as role
        from parley.org o
        left join parley.org_member m on m.org_id = o.org_id and m.user_id = ?
       where o.org_id = ?
      """;
  private static final String STANDING =
      """
      select r.org_id, r.kind, m.role, coalesce(m.banned, false) as banned,
             case when ? then case when o.open then 'member' end else om.role end as org_role
        from parley.room r
        join parley.org o on o.org_id = r.org_id
        left join parley.room_member m
          on m.org_id = r.org_id and m.room_id = r.room_id and m.user_id = ?
        left join parley.org_member om on om.org_id = r.org_id and om.user_id = ?
       where r.org_id = ? and r.room_id = ?
      """;

  private final Database database;

  /// A room never moves to another organization, so this may be remembered for ever; bounded
  /// anyhow.
  private final Cache<RoomId, OrgId> orgs = Caffeine.newBuilder().maximumSize(100_000).build();

  public PostgresMembershipLookup(Database database) {
    this.database = database;
  }

  @Override
  public Optional<Role> orgRole(OrgId org, UserId user) {
    return database.inOrg(
        org,
        tx ->
            tx.queryOne(
                    ORG_ROLE,
                    row -> role(row.optionalText("role")),
                    user.isOpen(),
                    user.value(),
                    org.value())
                .flatMap(role -> role));
  }

  @Override
  public Optional<RoomStanding> room(RoomId room, UserId user) {
    return orgOf(room).flatMap(org -> standing(org, room, user));
  }

  private Optional<OrgId> orgOf(RoomId room) {
    return Optional.ofNullable(orgs.get(room, this::readOrg));
  }

  private @Nullable OrgId readOrg(RoomId room) {
    return database
        .global(
            tx ->
                tx.queryOne(
                    "select parley.org_of_room(?) as org_id",
                    row -> row.optionalUuid("org_id").map(OrgId::new),
                    room.value()))
        .flatMap(org -> org)
        .orElse(null);
  }

  private Optional<RoomStanding> standing(OrgId org, RoomId room, UserId user) {
    return database.inOrg(
        org,
        tx ->
            tx.queryOne(
                    STANDING,
                    row -> standing(row, org, user),
                    user.isOpen(),
                    user.value(),
                    user.value(),
                    org.value(),
                    room.value())
                .flatMap(standing -> standing));
  }

  private static Optional<RoomStanding> standing(Row row, OrgId org, UserId user)
      throws SQLException {
    var kind = RoomKind.ofWireName(row.text("kind"));
    boolean banned = row.flag("banned");
    // Everybody of the open realm is a member of its public rooms, without a row.
    boolean implied = user.isOpen() && kind == RoomKind.PUBLIC;
    var role = banned ? Optional.<Role>empty() : role(row.optionalText("role"));
    return role(row.optionalText("org_role"))
        .map(
            orgRole ->
                new RoomStanding(
                    org, kind, implied ? Optional.of(Role.MEMBER) : role, banned, orgRole));
  }

  private static Optional<Role> role(Optional<String> name) {
    return name.map(Role::ofWireName);
  }
}
