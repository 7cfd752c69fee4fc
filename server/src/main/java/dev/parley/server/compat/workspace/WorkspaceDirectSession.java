package dev.parley.server.compat.workspace;

import dev.parley.server.compat.Farewell;
import dev.parley.server.compat.Mailbox;
import dev.parley.server.compat.Mailbox.Place;
import dev.parley.server.compat.Partners;
import dev.parley.server.compat.SilentPoster;
import dev.parley.server.compat.workspace.WorkspaceFrame.Said;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.domain.presence.Presence;
import dev.parley.server.gateway.Connection;
import dev.parley.server.gateway.Session;
import java.util.List;

/// One client's socket for direct messages: hears what others write to it from now on, and writes
/// to others.
final class WorkspaceDirectSession implements Session {
  private final Workspace workspace;
  private final Presence presence;
  private final Connection connection;
  private final SilentPoster poster;
  private final Principal.Open who;
  private final Mailbox mailbox;
  private final Farewell farewell;
  private final Partners partners;

  WorkspaceDirectSession(
      Workspace workspace,
      Presence presence,
      Connection connection,
      Principal.Open who,
      Mailbox mailbox,
      Farewell farewell) {
    this.workspace = workspace;
    this.presence = presence;
    this.connection = connection;
    this.poster = new SilentPoster(workspace.messages(), connection);
    this.who = who;
    this.mailbox = mailbox;
    this.farewell = farewell;
    this.partners = new Partners(partner -> workspace.direct(who, partner));
  }

  @Override
  public String dialect() {
    return "workspace_direct";
  }

  @Override
  public void opened() {
    poster.attempt(
        () -> {
          hear(mailbox.rooms());
          hear(mailbox.news());
        });
  }

  @Override
  public void userEvent(UserEvent event) {
    poster.attempt(() -> hear(mailbox.news(event)));
  }

  @Override
  public void userHead(long pos) {
    poster.attempt(() -> hear(mailbox.news()));
  }

  @Override
  public void text(String frame) {
    Said.read(frame)
        .filter(said -> !said.recipient().isEmpty())
        .ifPresent(said -> poster.attempt(() -> post(said)));
  }

  @Override
  public boolean takesBinary() {
    return true;
  }

  @Override
  public void drain(long withinMillis) {
    farewell.drain(withinMillis);
  }

  @Override
  public void alarm() {
    farewell.alarm();
  }

  @Override
  public void closed(int code) {
    presence.leave(Workspace.DIRECT, who.userId());
  }

  private void hear(List<Place> places) {
    for (var place : places) {
      connection.subscribe(place.access(), new WorkspaceDirectDialect(place.own()), place.after());
    }
  }

  private void post(Said said) {
    var recipient = Workspace.client(said.recipient()).userId();
    var message = workspace.message(said.text(), said.directLabels(said.recipient()));
    poster.post(partners.access(recipient), message);
  }
}
