package dev.parley.server.rest;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.OrgAccess;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.org.OrgMember;
import dev.parley.server.domain.org.Organization;
import dev.parley.server.domain.org.Organizations;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Dialect;
import dev.parley.server.rest.http.Verb;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Organizations and their members.
public final class OrgRoutes {
  private static final Dialect DIALECT = Dialect.ofNative("Organizations");
  private static final String ORGS = "/api/v1/orgs";
  private static final String ORG = ORGS + "/{org_id}";
  private static final String MEMBERS = ORG + "/members";
  private static final String MEMBER = MEMBERS + "/{user_id}";
  private static final int PAGE = 100;

  private final Organizations organizations;
  private final People people;

  public OrgRoutes(Organizations organizations, People people) {
    this.organizations = organizations;
    this.people = people;
  }

  /// A new organization.
  record CreateOrg(String name) {}

  /// An organization.
  record OrgView(OrgId orgId, String name, Instant createdAt) {}

  /// Organizations.
  record OrgList(List<OrgView> orgs) {}

  /// Somebody of an organization.
  record OrgMemberView(UserId userId, @Nullable String username, Role role, Instant joinedAt) {}

  /// A page of members.
  ///
  /// @param more whether to ask again with `after` set to the last user id
  record OrgMemberList(List<OrgMemberView> members, boolean more) {}

  public void register(Api api) {
    api.route(DIALECT, Verb.POST, ORGS, "createOrg", "Founds an organization, which you own")
        .takes(CreateOrg.class)
        .gives(201, OrgView.class)
        .signedIn(this::create);
    api.route(DIALECT, Verb.GET, ORGS, "listOrgs", "Your organizations, oldest first")
        .gives(200, OrgList.class)
        .signedIn(this::mine);
    api.route(DIALECT, Verb.GET, ORG, "getOrg", "One organization")
        .gives(200, OrgView.class)
        .inOrg(Role.GUEST, (_, access) -> Answer.ok(view(organizations.get(access))));
    registerMembers(api);
  }

  private void registerMembers(Api api) {
    api.route(DIALECT, Verb.GET, MEMBERS, "listOrgMembers", "Members, ascending by user id")
        .query("after", "Only those after this user id")
        .number("limit", "How many, 100 if absent, 500 at most")
        .gives(200, OrgMemberList.class)
        .inOrg(Role.MEMBER, this::members);
    api.route(DIALECT, Verb.POST, MEMBERS, "addOrgMember", "Makes a user a member")
        .takes(NewMember.class)
        .gives(201, OrgMemberView.class)
        .inOrg(Role.ADMIN, this::addMember);
    api.route(DIALECT, Verb.PATCH, MEMBER, "changeOrgMember", "Gives a member another role")
        .takes(ChangeRole.class)
        .givesNothing()
        .inOrg(Role.ADMIN, this::changeMember);
    api.route(DIALECT, Verb.DELETE, MEMBER, "removeOrgMember", "Sends a member away; or yourself")
        .givesNothing()
        .inOrg(Role.GUEST, this::removeMember);
  }

  private Answer create(Call call, Principal.Account account) {
    var org = organizations.create(account, call.body(CreateOrg.class).name());
    return Answer.created(view(org)).with("Location", ORGS + "/" + org.id());
  }

  private Answer mine(Call call, Principal.Account account) {
    return Answer.ok(
        new OrgList(organizations.mine(account).stream().map(OrgRoutes::view).toList()));
  }

  private Answer members(Call call, OrgAccess access) {
    int limit = call.limit(PAGE);
    var page = organizations.members(access, call.query("after").map(UserId::new), limit + 1);
    return Answer.ok(
        new OrgMemberList(
            page.stream().limit(limit).map(OrgRoutes::view).toList(), page.size() > limit));
  }

  private Answer addMember(Call call, OrgAccess access) {
    var wish = call.body(NewMember.class);
    return Answer.created(
        view(organizations.addMember(access, wish.user(people), wish.roleOr(Role.MEMBER))));
  }

  private Answer changeMember(Call call, OrgAccess access) {
    organizations.changeRole(access, call.userId(), call.body(ChangeRole.class).role());
    return Answer.done();
  }

  private Answer removeMember(Call call, OrgAccess access) {
    organizations.removeMember(access, call.userId());
    return Answer.done();
  }

  private static OrgView view(Organization org) {
    return new OrgView(org.id(), org.name(), org.createdAt());
  }

  private static OrgMemberView view(OrgMember member) {
    return new OrgMemberView(
        member.user(), member.username().orElse(null), member.role(), member.joinedAt());
  }
}
