package dev.parley.server.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.RoomEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class BusItemTest {
  private static final RoomId ROOM = new RoomId(new UUID(1, 2));
  private static final UserId ANN = new UserId("ann");

  @Test
  void whateverCarriesATextWeighsAsMuch() {
    var text = "x".repeat(4_000);
    var signal =
        new EphemeralEvent.Signal(ROOM, ANN, "ann", "typing", text, Optional.empty(), false);
    var edit =
        new RoomEvent.MessageEdited(
            new RoomEvent.Stamp(new OrgId(new UUID(0, 1)), ROOM, 1, Instant.EPOCH),
            ANN,
            7,
            Optional.of(text));
    assertThat(new BusItem.Passing(signal).weight()).isEqualTo(4_200);
    assertThat(new BusItem.InRoom(edit).weight()).isEqualTo(4_200);
    assertThat(new BusItem.Passing(new EphemeralEvent.Typing(ROOM, ANN, true)).weight())
        .isEqualTo(200);
  }
}
