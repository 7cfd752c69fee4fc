package dev.parley.client.verify;

import dev.parley.client.rest.RoomSummary;
import dev.parley.client.verify.Observation.Follow;
import dev.parley.client.verify.Observation.Kind;
import dev.parley.client.verify.Observation.Stream;
import dev.parley.protocol.Cursor;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/// Reads everything of one organization anew when all is over: the messages over HTTP, and the logs
/// by a client that resumes from 0.
final class FinalReading {
  private static final int PAGE = 200;

  private final Stage stage;
  private final Scene.Org org;

  FinalReading(Stage stage, Scene.Org org) {
    this.stage = stage;
    this.org = org;
  }

  /// How far the log of each room reaches.
  List<Long> heads() {
    var token = token("heads");
    var mine = stage.patience().get(() -> stage.rest().myRooms(token));
    return org.rooms().stream()
        .map(
            room ->
                mine.stream()
                    .filter(one -> one.roomId().equals(room.roomId()))
                    .mapToLong(RoomSummary::pos)
                    .findFirst()
                    .orElse(0))
        .toList();
  }

  void readHistory() {
    var name = org.orgId() + "/final-rest";
    var token = token("final-rest");
    stage.history().add(new Stream(name, Kind.FINAL_REST, org.owner().userId(), org.orgId()));
    for (var room : org.rooms()) {
      stage.history().add(new Follow(name, room.roomId(), 0));
      readHistory(name, token, room.roomId());
    }
  }

  private void readHistory(String stream, String token, String room) {
    long last = 0;
    boolean more = true;
    while (more) {
      long after = last;
      var page = stage.patience().get(() -> stage.rest().messagesAfter(token, room, after, PAGE));
      page.items().forEach(message -> stage.history().add(Witness.seen(stream, message)));
      more = page.more() && !page.items().isEmpty();
      last = page.items().isEmpty() ? last : page.items().getLast().messageId();
    }
  }

  /// Resumes from 0 and waits as long as there is progress.
  ///
  /// @return whether everything up to these heads came
  boolean resume(List<Long> heads, Duration patience, RandomGenerator random) {
    var witness =
        new Witness(
            stage.history(),
            org.orgId() + "/final-resume",
            Kind.FINAL_RESUME,
            org.owner().userId(),
            org.orgId());
    try (var client = stage.connect(org.owner(), witness, random)) {
      for (var room : org.rooms()) {
        var cursor = new Cursor(room.epoch(), 0);
        witness.follows(room.roomId(), cursor);
        client.open(room.roomId(), cursor);
      }
      return waitFor(witness, heads, patience);
    }
  }

  private boolean waitFor(Witness witness, List<Long> heads, Duration patience) {
    long before = -1;
    while (before < reached(witness)) {
      before = reached(witness);
      if (stage.patience().until(patience, () -> hasAll(witness, heads))) {
        return true;
      }
    }
    return false;
  }

  private long reached(Witness witness) {
    return org.rooms().stream().mapToLong(room -> pos(witness, room)).sum();
  }

  private boolean hasAll(Witness witness, List<Long> heads) {
    for (int i = 0; i < heads.size(); i++) {
      if (pos(witness, org.rooms().get(i)) < heads.get(i)) {
        return false;
      }
    }
    return true;
  }

  private static long pos(Witness witness, RoomSummary room) {
    var place = witness.place(room.roomId());
    return place == null ? 0 : place.pos();
  }

  private String token(String device) {
    return org.owner().logIn(stage.rest(), stage.patience(), device).accessToken();
  }
}
