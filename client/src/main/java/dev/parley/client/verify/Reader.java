package dev.parley.client.verify;

import dev.parley.client.ParleyClient;
import dev.parley.client.rest.RoomSummary;
import dev.parley.client.rest.Tokens;
import dev.parley.client.verify.Observation.Kind;
import dev.parley.client.verify.Observation.Settled;
import dev.parley.protocol.Cursor;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Reads rooms of an organization. From time to time it ends and begins anew with the cursors that
/// it kept, or older ones.
final class Reader {
  private static final int BACK = 500;

  private final Stage stage;
  private final Scene.Org org;
  private final List<RoomSummary> rooms;
  private final Account account;
  private final String name;
  private final RandomGenerator random;
  private Tokens tokens; // the client of the last life may have renewed them
  private int life;
  private Witness witness;
  private ParleyClient client;

  Reader(
      Stage stage,
      Scene.Org org,
      List<RoomSummary> rooms,
      Account account,
      String name,
      RandomGenerator random) {
    this.stage = stage;
    this.org = org;
    this.rooms = rooms;
    this.account = account;
    this.name = org.orgId() + "/" + name;
    this.random = random;
    this.tokens = account.logIn(stage.rest(), stage.patience(), name);
    this.witness = newWitness();
    this.client = start(room -> new Cursor(room.epoch(), 0));
  }

  /// Cuts the connection.
  synchronized void cut() {
    client.cut();
  }

  /// Ends the client and starts another one with the cursors that a program would have kept.
  synchronized void restart() {
    client.close();
    var before = witness;
    tokens = before.tokens().orElse(tokens);
    witness = newWitness();
    client =
        start(
            room -> {
              var place = before.place(room.roomId());
              long pos = place == null ? 0 : place.pos();
              return new Cursor(room.epoch(), Math.max(0, pos - random.nextInt(BACK)));
            });
  }

  /// Whether it has everything up to these positions, which are those of the rooms in order.
  synchronized boolean hasAll(List<Long> heads) {
    for (int i = 0; i < heads.size(); i++) {
      var place = witness.place(rooms.get(i).roomId());
      if (place == null || place.pos() < heads.get(i)) {
        return false;
      }
    }
    return true;
  }

  /// How many events it has, of all rooms together.
  synchronized long progress() {
    long sum = 0;
    for (var room : rooms) {
      var place = witness.place(room.roomId());
      sum += place == null ? 0 : place.pos();
    }
    return sum;
  }

  /// It had time enough: whatever it has not now is missing.
  synchronized void settle() {
    for (var room : rooms) {
      stage.history().add(new Settled(witness.name(), room.roomId()));
    }
  }

  synchronized void close() {
    client.close();
  }

  Scene.Org org() {
    return org;
  }

  synchronized @Nullable Throwable closedBecause() {
    return witness.closedBecause();
  }

  private Witness newWitness() {
    return new Witness(
        stage.history(), name + "." + ++life, Kind.CLIENT, account.userId(), org.orgId());
  }

  private ParleyClient start(Function<RoomSummary, Cursor> from) {
    var next = stage.connect(tokens, witness, random);
    for (var room : rooms) {
      var cursor = from.apply(room);
      witness.follows(room.roomId(), cursor);
      next.open(room.roomId(), cursor);
    }
    return next;
  }
}
