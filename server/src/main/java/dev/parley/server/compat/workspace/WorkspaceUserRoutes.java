package dev.parley.server.compat.workspace;

import dev.parley.server.base.Refusal;
import dev.parley.server.compat.OpenRealm;
import dev.parley.server.domain.directory.DirectoryUser;
import dev.parley.server.domain.directory.DirectoryUsers;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Verb;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The first seed's users.
public final class WorkspaceUserRoutes {
  static final String USERS = "/api/v1/users";
  static final String USER = USERS + "/{user_id}";

  private final WorkspaceDirectory directory;
  private final OpenRealm realm;

  public WorkspaceUserRoutes(WorkspaceDirectory directory, OpenRealm realm) {
    this.directory = directory;
    this.realm = realm;
  }

  /// A new user; only the full name may be absent.
  record CreateUser(
      @Nullable String username,
      @Nullable String email,
      @Nullable String fullName,
      @Nullable String orgId) {}

  /// What is to be different; what is absent or empty stays.
  record ChangeUser(@Nullable String username, @Nullable String email, @Nullable String fullName) {}

  /// A user.
  record DirectoryUserView(
      String id,
      String username,
      String email,
      String fullName,
      String orgId,
      Instant createdAt,
      Instant updatedAt) {}

  public void register(Api api) {
    WorkspaceRoutes.open(api, Verb.POST, USERS, "createUser", "Creates a user of the open realm")
        .takes(CreateUser.class)
        .gives(201, DirectoryUserView.class)
        .openRealm(realm.guard(this::create));
    WorkspaceRoutes.open(api, Verb.GET, USERS + "/search", "findUser", "The user of a name")
        .query("username", "The whole name")
        .gives(200, DirectoryUserView.class)
        .openRealm(realm.guard(this::search));
    WorkspaceRoutes.open(
            api,
            Verb.GET,
            WorkspaceRoutes.ORG + "/users",
            "listUsers",
            "The users of an organization, newest first, at most 10,000")
        .givesList(200, DirectoryUserView.class)
        .openRealm(realm.guard(this::list));
    WorkspaceRoutes.open(api, Verb.GET, USER, "getUser", "One user")
        .gives(200, DirectoryUserView.class)
        .openRealm(realm.guard(this::get));
    WorkspaceRoutes.open(api, Verb.PUT, USER, "changeUser", "Changes a user")
        .takes(ChangeUser.class)
        .gives(200, DirectoryUserView.class)
        .openRealm(realm.guard(this::change));
    WorkspaceRoutes.open(api, Verb.DELETE, USER, "deleteUser", "Deletes a user and their tasks")
        .givesNothing()
        .openRealm(realm.guard(this::delete));
  }

  private Answer create(Call call) {
    var body = WorkspaceRoutes.body(call, CreateUser.class, "Invalid request body");
    var wish =
        new DirectoryUsers.NewUser(
            required(body.username()),
            required(body.email()),
            given(body.fullName()).orElse(""),
            required(body.orgId()));
    return Answer.created(view(directory.users().create(directory.org(), wish)));
  }

  private Answer search(Call call) {
    var name =
        call.query("username")
            .orElseThrow(() -> Refusal.badRequest("username query parameter is required"));
    return one(directory.users().named(directory.org(), name));
  }

  private Answer list(Call call) {
    return Answer.ok(
        directory.users().list(directory.org(), call.path("org_id")).stream()
            .map(WorkspaceUserRoutes::view)
            .toList());
  }

  private Answer get(Call call) {
    return one(directory.users().find(directory.org(), WorkspaceDirectory.user(call)));
  }

  private Answer change(Call call) {
    var body = WorkspaceRoutes.body(call, ChangeUser.class, "Invalid request body");
    var change =
        new DirectoryUsers.Change(
            given(body.username()), given(body.email()), given(body.fullName()));
    return one(directory.users().change(directory.org(), WorkspaceDirectory.user(call), change));
  }

  private Answer delete(Call call) {
    if (!directory.users().delete(directory.org(), WorkspaceDirectory.user(call))) {
      throw WorkspaceDirectory.noUser();
    }
    return Answer.done();
  }

  private static Answer one(Optional<DirectoryUser> user) {
    return Answer.ok(view(user.orElseThrow(WorkspaceDirectory::noUser)));
  }

  private static String required(@Nullable String text) {
    return given(text)
        .orElseThrow(() -> Refusal.badRequest("Missing required fields: username, email, org_id"));
  }

  /// To these clients, empty is as good as absent.
  static Optional<String> given(@Nullable String text) {
    return Optional.ofNullable(text).filter(there -> !there.isEmpty());
  }

  private static DirectoryUserView view(DirectoryUser user) {
    return new DirectoryUserView(
        user.id().toString(),
        user.username(),
        user.email(),
        user.fullName(),
        user.org(),
        user.createdAt(),
        user.updatedAt());
  }
}
