package dev.parley.server.adapter.postgres;

import dev.parley.server.base.Limits;
import dev.parley.server.base.Metric;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.domain.room.RoomLog;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/// The room log in PostgreSQL. A room always goes through the same lane, so that the drafts of one
/// sender keep their order; the lock on the room's row orders the lanes of all nodes.
public final class PostgresRoomLog implements RoomLog, AutoCloseable {
  private static final int LANES = 2;

  private final Database database;
  private final List<WriterLane> lanes;

  public PostgresRoomLog(
      Database database, EventBus bus, InstantSource clock, Telemetry telemetry) {
    this.database = database;
    var writer = new BatchWriter(database, clock);
    this.lanes =
        IntStream.range(0, LANES)
            .mapToObj(i -> new WriterLane("writer-" + i, writer, bus, telemetry))
            .toList();
    telemetry.gauge(Metric.LANE_WAITING, this::waiting);
    lanes.forEach(WriterLane::start);
  }

  @Override
  public void append(Draft draft, AppendListener listener) {
    int lane = Math.floorMod(draft.room().hashCode() * 0x9E3779B9, LANES);
    lanes.get(lane).append(new Append(draft, listener));
  }

  @Override
  public List<RoomEvent> read(OrgId org, RoomId room, long after, int limit) {
    return database.inOrg(
        org,
        tx ->
            tx.query(
                "select "
                    + EventRows.COLUMNS
                    + """
                     from parley.room_event
                    where org_id = ? and room_id = ? and pos > ? order by pos limit ?
                    """,
                EventRows::read,
                org.value(),
                room.value(),
                after,
                Math.min(limit, Limits.PAGE)));
  }

  @Override
  public Optional<MessagePosted> find(RoomId room, UserId sender, UUID op) {
    return database
        .global(
            tx ->
                tx.queryOne(
                    "select parley.org_of_room(?) as org_id",
                    row -> row.optionalUuid("org_id").map(OrgId::new),
                    room.value()))
        .flatMap(org -> org)
        .flatMap(org -> find(org, room, sender, op));
  }

  private Optional<MessagePosted> find(OrgId org, RoomId room, UserId sender, UUID op) {
    return database
        .inOrg(
            org,
            tx ->
                tx.queryOne(
                    "select "
                        + EventRows.COLUMNS
                        + """
                         from parley.room_event
                        where org_id = ? and room_id = ? and actor = ? and op = ?
                        """,
                    EventRows::read,
                    org.value(),
                    room.value(),
                    sender.value(),
                    op))
        .map(MessagePosted.class::cast);
  }

  @Override
  public Head head(OrgId org, RoomId room) {
    return database
        .inOrg(
            org,
            tx ->
                tx.queryOne(
                    """
                    select epoch, last_pos, last_seq from parley.room
                     where org_id = ? and room_id = ?
                    """,
                    row ->
                        new Head(row.text("epoch"), row.number("last_pos"), row.number("last_seq")),
                    org.value(),
                    room.value()))
        .orElseThrow(() -> Refusal.notFound("no such room"));
  }

  /// Messages that wait for their commit.
  public int waiting() {
    return lanes.stream().mapToInt(WriterLane::waiting).sum();
  }

  /// Commits what is queued and ends the lanes.
  @Override
  public void close() throws InterruptedException {
    for (var lane : lanes) {
      lane.close(Duration.ofSeconds(10));
    }
  }
}
