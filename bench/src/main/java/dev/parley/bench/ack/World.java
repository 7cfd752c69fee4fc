package dev.parley.bench.ack;

import dev.parley.client.rest.Login;
import dev.parley.client.rest.RestApi;
import dev.parley.client.rest.RoomSummary;
import java.net.http.HttpClient;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/// The people and rooms of one run, made through the front door.
///
/// @param people one per socket
/// @param rooms person `i` is a member of room `i % rooms`
/// @param hot the room of the first few people
record World(List<Login> people, List<RoomSummary> rooms, RoomSummary hot) {
  static World make(Options options) {
    var api = new RestApi(HttpClient.newHttpClient(), options.server());
    var run = Integer.toString(ThreadLocalRandom.current().nextInt(1 << 30), 36);
    var people =
        IntStream.range(0, Math.max(options.conns(), options.hotConns()))
            .mapToObj(i -> api.signUp("b-" + run + "-" + i, "bench " + run + " passphrase"))
            .toList();
    var founder = token(people.getFirst());
    var org = api.createOrg(founder, "Bench " + run).orgId();
    people.stream()
        .skip(1)
        .forEach(person -> api.addOrgMember(founder, org, person.userId(), "member"));
    var rooms =
        IntStream.range(0, options.rooms())
            .mapToObj(i -> room(api, people.get(i % people.size()), org, "room " + i))
            .toList();
    for (int i = options.rooms(); i < options.conns(); i++) {
      api.join(token(people.get(i)), rooms.get(i % rooms.size()).roomId());
    }
    var hot = room(api, people.getFirst(), org, "hot");
    people.stream()
        .limit(options.hotConns())
        .skip(1)
        .forEach(person -> api.join(token(person), hot.roomId()));
    return new World(people, rooms, hot);
  }

  private static RoomSummary room(RestApi api, Login founder, String org, String name) {
    return api.createRoom(token(founder), org, name, "public");
  }

  private static String token(Login login) {
    return login.tokens().accessToken();
  }
}
