package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.CloseCode;
import dev.parley.server.adapter.memory.MemoryEventBus;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.AccessControl;
import dev.parley.server.domain.access.MembershipLookup;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomKind;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.domain.room.RoomLog;
import dev.parley.server.gateway.websocket.Deflate;
import dev.parley.server.gateway.websocket.WebSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What becomes of the others when an event cannot be brought to one connection.
final class DeliveryTest {
  private static final OrgId ORG = new OrgId(new UUID(0, 1));
  private static final RoomId ROOM = new RoomId(new UUID(0, 2));

  private final DefaultEventLoop eventLoop = new DefaultEventLoop();
  private final MemoryEventBus bus = new MemoryEventBus();
  private final List<RoomEvent> kept = new CopyOnWriteArrayList<>();
  private final AccessControl access = new AccessControl(new Everybody());
  private final Gateway gateway =
      new Gateway(
          new Log(),
          access,
          bus,
          Thread::startVirtualThread,
          (_, task) -> Thread.startVirtualThread(task),
          SocketCaps.NONE,
          Telemetry.SILENT);

  @AfterEach
  void stop() {
    eventLoop.shutdownGracefully();
  }

  @Test
  void anEventThatOneCannotBeToldReachesTheOthers() {
    var before = join("ann", new Words(false));
    var broken = join("bob", new Words(true));
    var after = join("cid", new Words(false));
    bus.publish(ROOM, List.of(event(1)));
    await().until(() -> broken.ended.contains(CloseCode.BUG));
    await().untilAsserted(() -> assertThat(before.heard).containsExactly("1"));
    await().untilAsserted(() -> assertThat(after.heard).containsExactly("1"));
    bus.publish(ROOM, List.of(event(2)));
    await().untilAsserted(() -> assertThat(before.heard).containsExactly("1", "2"));
    assertThat(before.ended).isEmpty();
  }

  @Test
  void whoCannotBeToldWhatTheyMissedIsClosed() {
    kept.add(event(1));
    var socket = new Socket();
    subscribe(socket, "bob", new Words(true), new CountDownLatch(1));
    await().until(() -> socket.ended.contains(CloseCode.BUG));
  }

  /// Somebody who hears the room as it comes.
  private Socket join(String name, Dialect dialect) {
    var socket = new Socket();
    var live = new CountDownLatch(1);
    subscribe(socket, name, dialect, live);
    await().until(() -> live.getCount() == 0);
    return socket;
  }

  private void subscribe(Socket socket, String name, Dialect dialect, CountDownLatch live) {
    var who = new Principal.Open(new UserId(name));
    var room = access.room(who, ROOM);
    eventLoop.execute(
        () ->
            gateway
                .open(socket, name, Optional.of(who), _ -> new Hearing(live))
                .subscribe(room, dialect, 0));
  }

  private static MessagePosted event(long pos) {
    return new MessagePosted(
        new RoomEvent.Stamp(ORG, ROOM, pos, Instant.EPOCH),
        new UserId("dan"),
        pos,
        pos,
        new UUID(1, pos),
        Optional.of("hello"),
        OptionalLong.empty(),
        List.of(),
        Map.of());
  }

  /// Says the position, or fails.
  private record Words(boolean fails) implements Dialect {
    @Override
    public List<byte[]> encode(RoomEvent event) {
      if (fails) {
        throw new IllegalStateException("told to");
      }
      return List.of(Long.toString(event.pos()).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public List<byte[]> encode(EphemeralEvent event) {
      return List.of();
    }

    @Override
    public boolean echo() {
      return true;
    }

    @Override
    public boolean pulls() {
      return false;
    }
  }

  private record Hearing(CountDownLatch isLive) implements Session {
    @Override
    public void opened() {}

    @Override
    public void text(String message) {}

    @Override
    public void live(Subscription subscription) {
      isLive.countDown();
    }
  }

  /// Takes everything at once.
  private final class Socket implements WebSocket {
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<CloseCode> ended = new CopyOnWriteArrayList<>();

    @Override
    public void write(ByteBuf frame) {
      // Frames of less than 126 bytes have two in front.
      heard.add(
          frame.toString(
              frame.readerIndex() + 2, frame.readableBytes() - 2, StandardCharsets.UTF_8));
    }

    @Override
    public void flush() {}

    @Override
    public long pendingBytes() {
      return 0;
    }

    @Override
    public boolean isWritable() {
      return true;
    }

    @Override
    public boolean inflates(int payloadBytes) {
      return false;
    }

    @Override
    public Deflate deflate() {
      return new Deflate(UnpooledByteBufAllocator.DEFAULT);
    }

    @Override
    public void alarm(Duration delay) {}

    @Override
    public void reading(boolean on) {}

    @Override
    public void close(CloseCode code, String reason) {
      ended.add(code);
    }

    @Override
    public void abort() {}

    @Override
    public boolean isOpen() {
      return ended.isEmpty();
    }

    @Override
    public EventLoop eventLoop() {
      return eventLoop;
    }

    @Override
    public String remoteAddress() {
      return "127.0.0.1";
    }
  }

  private static final class Everybody implements MembershipLookup {
    @Override
    public Optional<Role> orgRole(OrgId org, UserId user) {
      return Optional.of(Role.MEMBER);
    }

    @Override
    public Optional<RoomStanding> room(RoomId room, UserId user) {
      return Optional.of(
          new RoomStanding(ORG, RoomKind.GROUP, Optional.of(Role.MEMBER), false, Role.MEMBER));
    }
  }

  private final class Log implements RoomLog {
    @Override
    public void append(Draft draft, AppendListener listener) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<RoomEvent> read(OrgId org, RoomId room, long after, int limit) {
      return kept.stream().filter(event -> event.pos() > after).limit(limit).toList();
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
