package dev.parley.server.compat.workspace;

import dev.parley.server.compat.Farewell;
import dev.parley.server.compat.SilentPoster;
import dev.parley.server.compat.workspace.WorkspaceFrame.Said;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.gateway.Connection;
import dev.parley.server.gateway.Session;

/// One client in one group: hears what is said from now on, and speaks.
final class WorkspaceGroupSession implements Session {
  private final Workspace workspace;
  private final Connection connection;
  private final SilentPoster poster;
  private final Farewell farewell;
  private final Seat seat;

  WorkspaceGroupSession(Workspace workspace, Connection connection, Seat seat, Farewell farewell) {
    this.workspace = workspace;
    this.connection = connection;
    this.poster = new SilentPoster(workspace.messages(), connection);
    this.farewell = farewell;
    this.seat = seat;
  }

  /// Where the client sits.
  ///
  /// @param after the last event before the socket was opened
  record Seat(RoomAccess access, WorkspaceGroupDialect dialect, long after, WorkspaceShelf shelf) {}

  @Override
  public String dialect() {
    return "workspace_group";
  }

  @Override
  public void opened() {
    connection.subscribe(seat.access(), seat.dialect(), seat.after());
  }

  @Override
  public void text(String frame) {
    Said.read(frame).ifPresent(said -> poster.attempt(() -> post(said)));
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

  private void post(Said said) {
    poster.post(seat.access(), workspace.message(said.text(), said.labels()), seat.shelf()::put);
  }
}
