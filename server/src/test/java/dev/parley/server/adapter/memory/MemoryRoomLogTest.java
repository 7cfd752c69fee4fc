package dev.parley.server.adapter.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.room.RoomLog;
import dev.parley.server.domain.room.RoomLogContract;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The log that forgets makes the same promises for what it keeps.
final class MemoryRoomLogTest extends RoomLogContract {
  private static final int KEPT = 1_500;

  private final Map<RoomId, Set<UserId>> members = new HashMap<>();
  private final MemoryRoomLog log =
      new MemoryRoomLog(
          new MemoryEventBus(),
          InstantSource.system(),
          (where, who) -> members.get(where).contains(who),
          KEPT);

  @AfterEach
  void close() throws InterruptedException {
    log.close();
  }

  @Test
  void whatIsForgottenIsRefusedAndNeverLeftOut() {
    sendAll(IntStream.range(0, KEPT + 1).mapToObj(i -> draft(room, ann, "m" + i)).toList());
    assertThatThrownBy(() -> log.read(org, room, 0, 10)).isInstanceOf(RefusedException.class);
    assertThat(log.read(org, room, 1, 3).stream().map(RoomEvent::pos))
        .containsExactlyElementsOf(LongStream.rangeClosed(2, 4).boxed().toList());
  }

  @Override
  protected RoomLog log() {
    return log;
  }

  @Override
  protected void makeOrg(OrgId id) {}

  @Override
  protected RoomId makeRoom(String name, UserId... users) {
    var id = new RoomId(ids.uuid());
    members.put(id, Set.of(users));
    log.create(org, id, "e1");
    return id;
  }
}
