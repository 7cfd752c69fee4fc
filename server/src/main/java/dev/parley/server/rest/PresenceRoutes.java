package dev.parley.server.rest;

import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.OrgAccess;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.presence.Presence;
import dev.parley.server.domain.presence.Whereabouts;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Dialect;
import dev.parley.server.rest.http.Verb;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who of an organization is online. Only its members may ask: whoever shares no organization with
/// somebody learns nothing of their presence.
public final class PresenceRoutes {
  private static final Dialect DIALECT = Dialect.ofNative("Presence");
  private static final int PAGE = 100;

  private final Presence presence;

  public PresenceRoutes(Presence presence) {
    this.presence = presence;
  }

  /// Somebody of the organization.
  ///
  /// @param lastSeen when they were last online, up to a minute old while they are; absent for
  ///   somebody who never was
  record PresenceView(UserId userId, boolean online, @Nullable Instant lastSeen) {}

  /// A page of members.
  ///
  /// @param more whether to ask again with `after` set to the last user id
  record PresenceList(List<PresenceView> members, boolean more) {}

  public void register(Api api) {
    api.route(
            DIALECT,
            Verb.GET,
            "/api/v1/orgs/{org_id}/presence",
            "listPresence",
            "Who is online, ascending by user id")
        .query("after", "Only those after this user id")
        .number("limit", "How many, 100 if absent, 500 at most")
        .gives(200, PresenceList.class)
        .inOrg(Role.MEMBER, this::list);
  }

  private Answer list(Call call, OrgAccess access) {
    int limit = call.limit(PAGE);
    var page = presence.inOrg(access, call.query("after").map(UserId::new), limit + 1);
    return Answer.ok(
        new PresenceList(
            page.stream().limit(limit).map(PresenceRoutes::view).toList(), page.size() > limit));
  }

  private static PresenceView view(Whereabouts member) {
    return new PresenceView(member.user(), member.online(), member.lastSeen().orElse(null));
  }
}
