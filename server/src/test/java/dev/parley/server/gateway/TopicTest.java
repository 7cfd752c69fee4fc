package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.domain.room.RoomLog;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.DefaultEventLoop;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The order of a room's events on one node.
final class TopicTest {
  private static final OrgId ORG = new OrgId(new UUID(0, 1));
  private static final RoomId ROOM = new RoomId(new UUID(0, 2));

  private final Queue<Runnable> later = new ArrayDeque<>();
  private final List<Duration> pauses = new ArrayList<>();
  private final List<Long> reads = new ArrayList<>();
  private int failures = 3;

  @Test
  void aHoleThatCannotBeReadIsReadAgain() {
    var eventLoop = new DefaultEventLoop();
    try {
      var loop = new GatewayLoop(eventLoop, new GatewayMetrics(Telemetry.SILENT));
      var topic =
          new Topic(
              ORG,
              ROOM,
              new Log(),
              Runnable::run,
              (pause, task) -> {
                pauses.add(pause);
                later.add(task);
              },
              UnpooledByteBufAllocator.DEFAULT);
      topic.enter(loop);
      topic.take(List.of(event(4)));
      topic.take(List.of(event(6)));
      while (!later.isEmpty()) {
        later.remove().run();
      }
      assertThat(reads).containsExactly(4L, 4L, 4L, 4L);
      assertThat(pauses).isSorted().hasSize(3);
      topic.take(List.of(event(7)));
      assertThat(reads).as("there is no hole any more").hasSize(4);
      failures = 9;
      topic.take(List.of(event(9)));
      topic.exit(loop);
      later.remove().run();
      assertThat(later).as("nobody hears the room any more").isEmpty();
    } finally {
      eventLoop.shutdownGracefully();
    }
  }

  private static MessagePosted event(long pos) {
    return new MessagePosted(
        new RoomEvent.Stamp(ORG, ROOM, pos, Instant.EPOCH),
        new UserId("ann"),
        pos,
        pos,
        new UUID(1, pos),
        Optional.of("hello"),
        OptionalLong.empty(),
        List.of(),
        Map.of());
  }

  /// Fails a few times.
  private final class Log implements RoomLog {
    @Override
    public void append(Draft draft, AppendListener listener) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<RoomEvent> read(OrgId org, RoomId room, long after, int limit) {
      reads.add(after);
      if (failures-- > 0) {
        throw new OutageException(
            OutageException.Kind.UNAVAILABLE, "away", new IOException("told to"));
      }
      return List.of(event(after + 1), event(after + 2));
    }

    @Override
    public Optional<MessagePosted> find(RoomId room, UserId sender, UUID op) {
      return Optional.empty();
    }

    @Override
    public Head head(OrgId org, RoomId room) {
      throw new UnsupportedOperationException();
    }
  }
}
