package dev.parley.server.compat.workspace;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.RoomId;
import dev.parley.server.compat.OpenRealm;
import dev.parley.server.compat.SeedError;
import dev.parley.server.compat.workspace.WorkspaceFrame.Said;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.domain.org.Organization;
import dev.parley.server.domain.room.Room;
import dev.parley.server.domain.room.RoomLog.Outcome;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Dialect;
import dev.parley.server.rest.http.RouteDraft;
import dev.parley.server.rest.http.Verb;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/// The first seed's organizations and groups, and what is said to all of one.
public final class WorkspaceRoutes {
  static final Dialect DIALECT =
      new Dialect("Workspace", SeedError::answer, false, false, false, Dialect.BODY_BYTES);
  static final String ORGS = "/api/v1/orgs";
  static final String ORG = ORGS + "/{org_id}";
  static final String GROUP = ORG + "/groups/{group_id}";
  static final String NO_ORG = "Organization not found";
  static final String NO_GROUP = "Organization or group not found";

  private final Workspace workspace;
  private final OpenRealm realm;

  public WorkspaceRoutes(Workspace workspace, OpenRealm realm) {
    this.workspace = workspace;
    this.realm = realm;
  }

  /// A new organization or group; both fields are required.
  record Create(@Nullable String id, @Nullable String name) {}

  /// A new organization.
  record OrgCreated(String status, String message, String orgId) {}

  /// A new group.
  record GroupCreated(String status, String message, String orgId, String groupId) {}

  /// An organization or group.
  record Named(String id, String name) {}

  /// That something was done.
  record Done(String status) {}

  public void register(Api api) {
    open(api, Verb.POST, ORGS, "createOpenOrg", "Creates an organization of the open realm")
        .takes(Create.class)
        .gives(201, OrgCreated.class)
        .openRealm(realm.guard(this::createOrg));
    open(api, Verb.GET, ORGS, "listOpenOrgs", "The organizations of the open realm")
        .givesList(200, Named.class)
        .openRealm(realm.guard(_ -> Answer.ok(orgs())));
    open(api, Verb.POST, ORG + "/groups", "createGroup", "Creates a group")
        .takes(Create.class)
        .gives(201, GroupCreated.class)
        .openRealm(realm.guard(this::createGroup));
    open(api, Verb.GET, ORG + "/groups", "listGroups", "The groups of an organization")
        .givesList(200, Named.class)
        .openRealm(realm.guard(call -> Answer.ok(groups(org(call)))));
    open(api, Verb.POST, ORG + "/broadcast", "broadcastToOrg", "Says something in all groups")
        .takes(Said.class)
        .gives(200, Done.class)
        .openRealm(realm.guard(this::broadcastToOrg));
    open(api, Verb.POST, GROUP + "/broadcast", "broadcastToGroup", "Says something in a group")
        .takes(Said.class)
        .gives(200, Done.class)
        .openRealm(realm.guard(this::broadcastToGroup));
  }

  /// Begins a route of the first seed.
  static RouteDraft open(Api api, Verb verb, String path, String operation, String summary) {
    return api.route(DIALECT, verb, path, operation, summary);
  }

  private Answer createOrg(Call call) {
    var wish = wish(call);
    var id = wish.id();
    var org =
        workspace
            .createOrg(id, wish.name())
            .orElseThrow(() -> Refusal.conflict("Organization already exists"));
    return Answer.created(
        new OrgCreated("success", "Organization " + org.name() + " created successfully", id));
  }

  private List<Named> orgs() {
    return workspace.orgs().stream()
        .map(org -> new Named(Workspace.idOf(org), org.name()))
        .toList();
  }

  private Answer createGroup(Call call) {
    var wish = wish(call);
    var group =
        workspace
            .createGroup(org(call), wish.id(), wish.name())
            .orElseThrow(() -> Refusal.conflict("Group already exists"));
    return Answer.created(
        new GroupCreated(
            "success",
            "Group " + group.name() + " created successfully",
            call.path("org_id"),
            wish.id()));
  }

  private List<Named> groups(Organization org) {
    return workspace.groups(org).stream()
        .map(group -> new Named(group.alias().orElseThrow(), group.name()))
        .toList();
  }

  private Answer broadcastToOrg(Call call) {
    var org = org(call);
    var said = said(call);
    var labels = new HashMap<>(said.labels());
    labels.put(WorkspaceFrame.TO_ALL, "1");
    var shelves = new HashMap<RoomId, WorkspaceShelf>();
    var groups = workspace.groups(org);
    groups.forEach(
        group -> shelves.put(group.id(), shelf(call, group, group.alias().orElseThrow())));
    post(said, groups, labels, shelves);
    return Answer.ok(new Done("Message broadcasted to organization"));
  }

  private Answer broadcastToGroup(Call call) {
    var group =
        workspace
            .findGroup(call.path("org_id"), call.path("group_id"))
            .orElseThrow(() -> Refusal.notFound(NO_GROUP));
    var said = said(call);
    var shelf = shelf(call, group, call.path("group_id"));
    post(said, List.of(group), said.labels(), Map.of(group.id(), shelf));
    return Answer.ok(new Done("Message broadcasted to group"));
  }

  /// Posts into all groups at once and waits until it is in all of them. If it is in some only,
  /// nobody is told that nothing was done.
  private void post(
      Said said,
      List<Room> groups,
      Map<String, String> labels,
      Map<RoomId, WorkspaceShelf> shelves) {
    var who = Workspace.client(said.client());
    var outcomes = new ArrayBlockingQueue<Outcome>(Math.max(1, groups.size()));
    for (var group : groups) {
      try {
        workspace
            .messages()
            .send(
                workspace.enter(who, group.id()),
                workspace.message(said.text(), labels),
                outcomes::add);
      } catch (RefusedException e) {
        outcomes.add(new Outcome.Refused(e.refusal()));
      }
    }
    var missing = new ArrayList<Outcome>();
    for (int i = 0; i < groups.size(); i++) {
      var outcome = take(outcomes);
      if (outcome instanceof Outcome.Posted(var event, var _)) {
        Objects.requireNonNull(shelves.get(event.room())).put(event);
      } else {
        missing.add(outcome);
      }
    }
    if (!missing.isEmpty()) {
      requirePosted(missing.size() < groups.size() ? new Outcome.Unknown() : missing.getFirst());
    }
  }

  private WorkspaceShelf shelf(Call call, Room group, String groupId) {
    return workspace.shelf(group, call.path("org_id"), groupId);
  }

  private static Outcome take(ArrayBlockingQueue<Outcome> outcomes) {
    try {
      return outcomes.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Unknown();
    }
  }

  /// Goes on only if the message is in the log.
  @CanIgnoreReturnValue
  static MessagePosted requirePosted(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Posted(var event, var _) -> event;
      case Outcome.Refused(var refusal) -> throw new RefusedException(refusal);
      case Outcome.Unknown() ->
          throw new OutageException(
              OutageException.Kind.UNKNOWN, "an append was not answered", new IOException());
    };
  }

  private Organization org(Call call) {
    return workspace.findOrg(call.path("org_id")).orElseThrow(() -> Refusal.notFound(NO_ORG));
  }

  private static Wish wish(Call call) {
    var body = body(call, Create.class, "Invalid request body");
    var id = body.id();
    var name = body.name();
    if (id == null || id.isEmpty() || name == null || name.isBlank()) {
      throw Refusal.badRequest("Missing required fields: ID and Name");
    }
    return new Wish(id, name);
  }

  /// What is to be created.
  private record Wish(String id, String name) {}

  /// The body of a message.
  static Said said(Call call) {
    return body(call, Said.class, "Invalid message format");
  }

  /// A malformed body is told in the seed's own words.
  static <T> T body(Call call, Class<T> type, String complaint) {
    try {
      return call.body(type);
    } catch (RefusedException e) {
      throw Refusal.badRequest(complaint);
    }
  }
}
