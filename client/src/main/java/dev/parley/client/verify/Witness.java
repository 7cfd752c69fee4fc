package dev.parley.client.verify;

import dev.parley.client.ClientListener;
import dev.parley.client.ConnectionTap;
import dev.parley.client.rest.Tokens;
import dev.parley.client.verify.Observation.CaughtUp;
import dev.parley.client.verify.Observation.Follow;
import dev.parley.client.verify.Observation.Kind;
import dev.parley.client.verify.Observation.Loosen;
import dev.parley.client.verify.Observation.Membership;
import dev.parley.client.verify.Observation.Seen;
import dev.parley.client.verify.Observation.Stream;
import dev.parley.protocol.ClientCommand;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.EventCodec;
import dev.parley.protocol.ServerEvent;
import dev.parley.protocol.ServerEvent.InRoom;
import dev.parley.protocol.ServerEvent.Message;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Tells the history what one client sees: each of its connections as it is, and what the client
/// makes of them for its listener.
final class Witness implements ClientListener, ConnectionTap {
  private final History history;
  private final String name;
  private final Kind kind;
  private final String user;
  private final String org;
  private final Map<String, Cursor> places = new ConcurrentHashMap<>();
  private final Set<String> followed = new HashSet<>(); // client thread only; of this connection
  private final Map<Long, UUID> sends = new HashMap<>(); // client thread only; unanswered ones
  private String connection = ""; // client thread only
  private volatile @Nullable Tokens tokens;
  private volatile @Nullable Throwable closedBecause;

  Witness(History history, String name, Kind kind, String user, String org) {
    this.history = history;
    this.name = name;
    this.kind = kind;
    this.user = user;
    this.org = org;
    history.add(new Stream(name, kind, user, org));
  }

  /// The client is about to open a room after a cursor.
  void follows(String room, Cursor after) {
    places.put(room, after);
    history.add(new Follow(name, room, after.pos()));
  }

  /// How far the listener is in a room; null if it does not follow it.
  @Nullable Cursor place(String room) {
    return places.get(room);
  }

  /// Why the client gave up; null if it has not.
  @Nullable Throwable closedBecause() {
    return closedBecause;
  }

  /// The last tokens, if they were renewed.
  Optional<Tokens> tokens() {
    return Optional.ofNullable(tokens);
  }

  String name() {
    return name;
  }

  @Override
  public void sending(long number, ClientCommand command) {
    switch (command) {
      case ClientCommand.Hello hello -> connected(number, hello);
      case ClientCommand.Send send when send.op() != null -> sends.put(send.id(), send.op());
      case ClientCommand.Pull pull -> history.add(new Loosen(connection, pull.roomId()));
      default -> {}
    }
  }

  @Override
  public void received(long number, ServerEvent event) {
    switch (event) {
      case InRoom inRoom -> {
        if (followed.add(inRoom.roomId())) {
          history.add(new Follow(connection, inRoom.roomId(), inRoom.pos() - 1));
        }
        history.add(seen(connection, inRoom));
      }
      case ServerEvent.Ok ok -> sends.remove(ok.id());
      case ServerEvent.Failure failure -> failed(failure);
      case ServerEvent.Inbox inbox -> inbox.rooms().forEach(this::told);
      case ServerEvent.Live live ->
          live.rooms().forEach((room, pos) -> history.add(new CaughtUp(connection, room, pos)));
      case ServerEvent.Reset reset -> history.add(new Loosen(connection, reset.roomId()));
      default -> {}
    }
  }

  @Override
  public void gaveUp(long number, String why) {
    history.add(new Observation.GaveUp(history.now(), connection, why));
  }

  @Override
  public void onEvent(InRoom event, @Nullable Cursor place) {
    var known = places.get(event.roomId());
    if (known == null) {
      return; // Not opened: nothing is promised.
    }
    history.add(seen(name, event));
    places.put(event.roomId(), new Cursor(known.epoch(), event.pos()));
    if (kind == Kind.FINAL_RESUME) {
      membership(event);
    }
  }

  @Override
  public void onReset(ServerEvent.Reset reset) {
    places.remove(reset.roomId());
    history.add(new Loosen(name, reset.roomId()));
  }

  @Override
  public void onTokens(Tokens newTokens) {
    tokens = newTokens;
  }

  @Override
  public void onClosed(@Nullable Throwable why) {
    closedBecause = why;
  }

  /// A message, as a witness saw it.
  static Seen seen(String stream, InRoom event) {
    if (event instanceof Message message && message.content() != null) {
      var said = Body.read(message.content());
      return new Seen(
          stream,
          message.roomId(),
          message.pos(),
          message.seq(),
          message.messageId(),
          Body.hash(message.content()),
          said == null ? null : said.org(),
          said == null ? null : said.op());
    }
    long hash = Body.hash(EventCodec.encode(event));
    return new Seen(stream, event.roomId(), event.pos(), 0, 0, hash, null, null);
  }

  private void connected(long number, ClientCommand.Hello hello) {
    connection = name + "#" + number;
    followed.clear();
    history.add(new Stream(connection, Kind.CONNECTION, user, org));
    hello
        .rooms()
        .forEach(
            (room, cursor) -> {
              followed.add(room);
              history.add(new Follow(connection, room, cursor.pos()));
            });
  }

  private void failed(ServerEvent.Failure failure) {
    var op = sends.remove(failure.id());
    if (op != null && failure.code().temporary()) {
      history.add(new Observation.Postponed(op));
    }
  }

  /// A room that is not replayed: its live events start after the position that the inbox says.
  private void told(ServerEvent.InboxRoom line) {
    if (followed.add(line.roomId())) {
      history.add(new Follow(connection, line.roomId(), line.pos()));
    }
  }

  private void membership(InRoom event) {
    switch (event) {
      case ServerEvent.MemberJoined joined ->
          history.add(new Membership(event.roomId(), event.pos(), joined.memberId(), true));
      case ServerEvent.MemberLeft left ->
          history.add(new Membership(event.roomId(), event.pos(), left.memberId(), false));
      default -> {}
    }
  }
}
