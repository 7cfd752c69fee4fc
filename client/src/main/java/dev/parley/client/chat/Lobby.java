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
  private final String me;
  private final Supplier<String> token;
  private final Map<String, String> names = new ConcurrentHashMap<>();

  Lobby(RestApi rest, String me, Supplier<String> token) {
    this.me = me;
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
    var user =
        rest.orgMembers(token.get(), org).stream()
            .filter(person -> person.username().equalsIgnoreCase(username))
            .findFirst()
            .orElseThrow(() -> new NotThereException("nobody here is called " + username));
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
    var known = names.get(userId);
    if (known == null) {
      learn();
      known = names.computeIfAbsent(userId, id -> id.substring(0, Math.min(8, id.length())));
    }
    return known;
  }

  /// What to call a room; a direct room is called after the others in it.
  String title(RoomSummary room) {
    return room.name().isBlank() ? others(room.roomId()) : room.name();
  }

  private String others(String roomId) {
    var others = members(roomId).stream().filter(name -> !name.equals(me)).sorted().toList();
    return others.isEmpty() ? me : String.join(", ", others);
  }

  private void learn() {
    if (names.size() > NAMES) {
      names.clear();
    }
    for (var org : orgs()) {
      for (var person : rest.orgMembers(token.get(), org.orgId())) {
        if (!person.username().isEmpty()) {
          names.put(person.userId(), person.username());
        }
      }
    }
  }

  private static boolean isCalled(RoomSummary room, String name) {
    return room.name().equalsIgnoreCase(name) || room.roomId().equals(name);
  }
}
