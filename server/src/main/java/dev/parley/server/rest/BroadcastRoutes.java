package dev.parley.server.rest;

import dev.parley.server.base.Ids;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.RoomId;
import dev.parley.server.domain.access.AccessControl;
import dev.parley.server.domain.access.OrgAccess;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomKind;
import dev.parley.server.domain.message.Messages;
import dev.parley.server.domain.message.NewMessage;
import dev.parley.server.domain.room.Room;
import dev.parley.server.domain.room.RoomLog.Outcome;
import dev.parley.server.domain.room.Rooms;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Dialect;
import dev.parley.server.rest.http.Verb;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Announcements to a whole organization.
public final class BroadcastRoutes {
  private static final Dialect DIALECT = Dialect.ofNative("Messages");
  private static final int ROOMS = 1_000;

  private final Rooms rooms;
  private final Messages messages;
  private final AccessControl access;
  private final Ids ids;

  public BroadcastRoutes(Rooms rooms, Messages messages, AccessControl access, Ids ids) {
    this.rooms = rooms;
    this.messages = messages;
    this.access = access;
    this.ids = ids;
  }

  /// What is to be said everywhere.
  record Broadcast(String content) {}

  /// One room that has the message.
  record Announced(RoomId roomId, long messageId, long seq) {}

  /// The rooms that have the message.
  record BroadcastView(List<Announced> rooms) {}

  public void register(Api api) {
    api.route(
            DIALECT,
            Verb.POST,
            "/api/v1/orgs/{org_id}/broadcast",
            "broadcast",
            "Posts one message into every public room and the rooms that you are in, 1,000 at most;"
                + " ask again with the same key if it was cut short")
        .takes(Broadcast.class)
        .header("Idempotency-Key", "A UUID; the same one again posts nothing twice")
        .gives(200, BroadcastView.class)
        .inOrg(Role.ADMIN, this::broadcast);
  }

  private Answer broadcast(Call call, OrgAccess org) {
    var content = call.body(Broadcast.class).content();
    var key = call.idempotencyKey().orElseGet(ids::uuid);
    var targets =
        rooms.list(org).stream()
            .filter(room -> room.kind() != RoomKind.DIRECT && !room.archived())
            .toList();
    if (targets.size() > ROOMS) {
      throw new RefusedException(new Refusal.Quota("the organization has too many rooms for this"));
    }
    // All at once, so that they share commits.
    var pending = new ArrayList<CompletableFuture<Outcome>>();
    for (var room : targets) {
      pending.add(announce(call, room, NewMessage.text(op(key, room), content)));
    }
    return Answer.ok(new BroadcastView(pending.stream().map(BroadcastRoutes::settled).toList()));
  }

  private CompletableFuture<Outcome> announce(Call call, Room room, NewMessage message) {
    var outcome = new CompletableFuture<Outcome>();
    messages.announce(access.room(call.account(), room.id()), message, outcome::complete);
    return outcome;
  }

  /// The op of one room: the same for the same key.
  private static UUID op(UUID key, Room room) {
    return UUID.nameUUIDFromBytes((key + "/" + room.id()).getBytes(StandardCharsets.UTF_8));
  }

  private static Announced settled(CompletableFuture<Outcome> pending) {
    try {
      var posted = Outcomes.posted(pending.get());
      return new Announced(posted.event().room(), posted.event().messageId(), posted.event().seq());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Outcomes.unknown();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the listener only completes normally", e);
    }
  }
}
