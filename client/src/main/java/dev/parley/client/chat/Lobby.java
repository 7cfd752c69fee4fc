package dev.parley.client.chat;

import dev.parley.client.rest.OrgSummary;
import dev.parley.client.rest.ProblemException;
import dev.parley.client.rest.RestApi;
import dev.parley.client.rest.RoomSummary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// The organizations, rooms and people around somebody, by their names.
final class Lobby {
  /// Names that are remembered. Beyond it they are asked for again.
  private static final int NAMES = 10_000;

  private final RestApi rest;
  private final Supplier<String> token;
  private final Map<String, String> names = new ConcurrentHashMap<>();

  Lobby(RestApi rest, Supplier<String> token) {
    this.rest = rest;
    this.token = token;
  }

  List<OrgSummary> orgs() {
    return rest.myOrgs(token.get());
  }

  /// Founds an organization with a first room.
  RoomSummary found(String name) {
    var org = rest.createOrg(token.get(), name);
    return rest.createRoom(token.get(), org.orgId(), "general", "public");
  }

  RoomSummary create(String org, String name) {
    return rest.createRoom(token.get(), org, name, "public");
  }

  /// The rooms I am in.
  List<RoomSummary> mine() {
    return rest.myRooms(token.get());
  }

  /// One of my rooms, by name or id.
  Optional<RoomSummary> mine(String name) {
    return mine().stream().filter(room -> isCalled(room, name)).findFirst();
  }

  /// A room of my organizations, by name or id.
  Optional<RoomSummary> any(String name) {
    return orgs().stream()
        .flatMap(org -> rest.rooms(token.get(), org.orgId()).stream())
        .filter(room -> isCalled(room, name))
        .findFirst();
  }

  Optional<RoomSummary> byId(String roomId) {
    return mine().stream().filter(room -> room.roomId().equals(roomId)).findFirst();
  }

  RoomSummary direct(String org, String username) {
    var user = rest.personNamed(token.get(), username);
    return rest.directRoom(token.get(), org, user.userId());
  }

  /// Brings somebody into the organization and the room.
  void add(RoomSummary room, String username) {
    try {
      rest.addOrgMemberNamed(token.get(), room.orgId(), username);
    } catch (ProblemException e) {
      if (e.status() != 409) {
        throw e;
      }
    }
    rest.addMemberNamed(token.get(), room.roomId(), username);
  }

  List<String> members(String roomId) {
    return rest.members(token.get(), roomId).stream().map(this::name).toList();
  }

  /// What to call somebody; the beginning of their id if nobody knows.
  String name(String userId) {
    if (names.size() > NAMES) {
      names.clear();
    }
    return names.computeIfAbsent(userId, this::ask);
  }

  /// What to call a room; a direct room is called after the other one in it.
  String title(RoomSummary room) {
    return room.name().isBlank() ? String.join(", ", members(room.roomId())) : room.name();
  }

  private String ask(String userId) {
    try {
      return rest.person(token.get(), userId).username();
    } catch (ProblemException e) {
      return userId.substring(0, Math.min(8, userId.length()));
    }
  }

  private static boolean isCalled(RoomSummary room, String name) {
    return room.name().equalsIgnoreCase(name) || room.roomId().equals(name);
  }
}
