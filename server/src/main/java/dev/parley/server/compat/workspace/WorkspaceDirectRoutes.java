package dev.parley.server.compat.workspace;

import dev.parley.server.base.Limits;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.UserId;
import dev.parley.server.compat.OpenRealm;
import dev.parley.server.compat.workspace.WorkspaceRoutes.Done;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.message.MessageStore.Page;
import dev.parley.server.domain.presence.Presence;
import dev.parley.server.domain.presence.PresenceStore;
import dev.parley.server.domain.room.Room;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The first seed's direct messages.
public final class WorkspaceDirectRoutes {
  private static final String DIRECT = "/api/v1/dm";
  private static final String PAIR = DIRECT + "/{user_id}/{recipient_id}";
  private static final int PAGE = 100;

  private final Workspace workspace;
  private final Presence presence;
  private final OpenRealm realm;

  public WorkspaceDirectRoutes(Workspace workspace, Presence presence, OpenRealm realm) {
    this.workspace = workspace;
    this.presence = presence;
    this.realm = realm;
  }

  /// Who can be reached at once.
  record Connected(List<String> connectedUsers, int count) {}

  public void register(Api api) {
    WorkspaceRoutes.open(api, Verb.POST, PAIR, "sendDirect", "Writes to somebody")
        .takes(WorkspaceFrame.Said.class)
        .gives(200, Done.class)
        .openRealm(realm.guard(this::send));
    WorkspaceRoutes.open(
            api, Verb.GET, PAIR + "/history", "listDirect", "What two people wrote, newest first")
        .givesList(200, WorkspaceMessageView.class)
        .openRealm(realm.guard(this::history));
    WorkspaceRoutes.open(
            api,
            Verb.GET,
            DIRECT + "/connected-users",
            "listConnected",
            "Who has a socket for direct messages; the first 10,000 by name")
        .gives(200, Connected.class)
        .openRealm(realm.guard(_ -> connected()));
  }

  /// The message is kept also if the recipient is away; the answer says only whether they are.
  private Answer send(Call call) {
    var said = WorkspaceRoutes.said(call);
    var to = client(call, "recipient_id");
    var access = workspace.direct(client(call, "user_id"), to.userId());
    var labels = said.directLabels(to.userId().openName());
    WorkspaceRoutes.requirePosted(
        workspace.messages().send(access, workspace.message(said.text(), labels)));
    if (!presence.isOnline(to.userId())) {
      throw Refusal.notFound("Recipient not connected");
    }
    return Answer.ok(new Done("Direct message sent"));
  }

  private Answer history(Call call) {
    var one = client(call, "user_id");
    var other = client(call, "recipient_id");
    return Answer.ok(
        workspace
            .findDirect(one.userId(), other.userId())
            .map(room -> history(one, other, room))
            .orElse(List.of()));
  }

  private List<WorkspaceMessageView> history(Principal.Open one, Principal.Open other, Room room) {
    var pair = pair(one, other);
    return workspace
        .messages()
        .history(workspace.enter(one, room.id()), new Page.Newest(PAGE), Limits.ANSWER_CONTENT)
        .stream()
        .map(message -> WorkspaceMessageView.of(message, Workspace.RESERVED, pair))
        .flatMap(Optional::stream)
        .toList();
  }

  private Answer connected() {
    var names = names();
    return Answer.ok(new Connected(names, names.size()));
  }

  private List<String> names() {
    var names = new ArrayList<String>();
    var after = Optional.<UserId>empty();
    List<UserId> page;
    do {
      page = presence.list(Workspace.DIRECT, after, PresenceStore.BATCH);
      page.forEach(user -> names.add(user.openName()));
      after = page.isEmpty() ? after : Optional.of(page.getLast());
    } while (page.size() == PresenceStore.BATCH && names.size() < Limits.OPEN);
    return names;
  }

  private static Principal.Open client(Call call, String parameter) {
    return Workspace.client(call.path(parameter));
  }

  /// What the seed called the room of two; for show only.
  private static String pair(Principal.Open one, Principal.Open other) {
    var a = one.userId().openName();
    var b = other.userId().openName();
    return a.compareTo(b) < 0 ? a + "_" + b : b + "_" + a;
  }
}
