package dev.parley.client.verify;

import dev.parley.client.rest.RestApi;
import dev.parley.client.rest.RoomSummary;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/// The organizations, accounts and rooms of one run. They are made anew each time and stay.
record Scene(List<Org> orgs) {
  /// Accounts that share the senders and readers of an organization.
  private static final int ACCOUNTS = 4;

  private static final String PRIVATE = "private";

  /// @param members the owner first; all are members of all rooms
  /// @param leaver a member of the private rooms, to be removed from them
  record Org(String orgId, List<Account> members, Account leaver, List<RoomSummary> rooms) {
    /// Whoever is removed from one of these may see nothing of it any more; a public room stays
    /// open to the whole organization.
    List<RoomSummary> privateRooms() {
      return rooms.stream().filter(room -> room.kind().equals(PRIVATE)).toList();
    }

    Account owner() {
      return members.getFirst();
    }

    Account member(int number) {
      return members.get(number % members.size());
    }
  }

  static Scene build(
      VerifyOptions options, RestApi rest, Patience patience, RandomGenerator random) {
    var bytes = new byte[4];
    random.nextBytes(bytes);
    var run = HexFormat.of().formatHex(bytes);
    var orgs = new ArrayList<Org>();
    for (int number = 0; number < options.orgs(); number++) {
      int rooms = options.rooms() / options.orgs();
      orgs.add(new Builder(rest, patience, "v" + run + "o" + number).org(rooms));
    }
    return new Scene(orgs);
  }

  /// Builds one organization.
  private record Builder(RestApi rest, Patience patience, String name) {
    Org org(int roomCount) {
      var members = new ArrayList<Account>();
      for (int number = 0; number < ACCOUNTS; number++) {
        members.add(Account.signUp(rest, patience, name + "u" + number));
      }
      var leaver = Account.signUp(rest, patience, name + "leaver");
      var owner = members.getFirst().logIn(rest, patience, "verify").accessToken();
      var org = patience.get(() -> rest.createOrg(owner, name)).orgId();
      var others = new ArrayList<>(members.subList(1, members.size()));
      others.add(leaver);
      others.forEach(
          user -> patience.run(() -> rest.addOrgMember(owner, org, user.userId(), "member")));
      var rooms = new ArrayList<RoomSummary>();
      for (int number = 0; number < roomCount; number++) {
        rooms.add(room(owner, org, number));
      }
      var built = new Org(org, List.copyOf(members), leaver, List.copyOf(rooms));
      fill(built, owner);
      return built;
    }

    /// Every second room is private.
    private RoomSummary room(String owner, String org, int number) {
      var kind = number % 2 == 0 ? PRIVATE : "public";
      return patience.get(() -> rest.createRoom(owner, org, name + "r" + number, kind));
    }

    private void fill(Org org, String owner) {
      for (var member : org.members().subList(1, org.members().size())) {
        var token = member.logIn(rest, patience, "verify").accessToken();
        for (var room : org.rooms()) {
          if (room.kind().equals(PRIVATE)) {
            add(owner, room, member);
          } else {
            patience.run(() -> rest.join(token, room.roomId()));
          }
        }
      }
      org.privateRooms().forEach(room -> add(owner, room, org.leaver()));
    }

    private void add(String owner, RoomSummary room, Account user) {
      patience.run(() -> rest.addMember(owner, room.roomId(), user.userId()));
    }
  }
}
