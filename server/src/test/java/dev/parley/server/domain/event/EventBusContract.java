package dev.parley.server.domain.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every bus must do, between two nodes or within one.
public interface EventBusContract {
  /// The bus on which is published.
  EventBus publisher();

  /// The bus of another node, or the same.
  EventBus receiver();

  @BeforeEach
  default void areConnected() {
    var heard = listenTo(receiver());
    await()
        .until(
            () -> {
              publisher().publish(EventSamples.passing().getFirst());
              return !heard.passing.isEmpty();
            });
  }

  private static HeardEvents listenTo(EventBus bus) {
    var heard = new HeardEvents();
    bus.subscribe(heard);
    return heard;
  }

  @Test
  default void everyKindArrivesAsItWas() {
    var heard = listenTo(receiver());
    var room = new RoomId(UUID.randomUUID());

    publisher().publish(room, EventSamples.room(room));
    EventSamples.user().forEach(publisher()::publish);
    EventSamples.passing().forEach(publisher()::publish);

    await().untilAsserted(() -> assertThat(heard.room).isEqualTo(EventSamples.room(room)));
    await().untilAsserted(() -> assertThat(heard.user).isEqualTo(EventSamples.user()));
    await().untilAsserted(() -> assertThat(heard.passing).containsAll(EventSamples.passing()));
  }

  @Test
  default void theSamplesHoldEveryKind() {
    assertThat(EventSamples.room(EventSamples.ROOM))
        .<Class<?>>extracting(Object::getClass)
        .containsAll(kinds(RoomEvent.class));
    assertThat(EventSamples.user())
        .<Class<?>>extracting(Object::getClass)
        .containsAll(kinds(UserEvent.class));
    assertThat(EventSamples.passing())
        .<Class<?>>extracting(Object::getClass)
        .containsAll(kinds(EphemeralEvent.class));
  }

  private static List<Class<?>> kinds(Class<?> family) {
    return Arrays.asList(family.getPermittedSubclasses());
  }

  @Test
  default void thePublishingNodeHearsItsOwnAtOnceAndOnce() {
    var own = listenTo(publisher());
    var far = listenTo(receiver());
    var room = new RoomId(UUID.randomUUID());
    var event = EventSamples.message(room, 1, "once");

    publisher().publish(room, List.of(event));

    assertThat(own.room).containsExactly(event);
    var last = EventSamples.message(room, 2, "later");
    publisher().publish(room, List.of(last));
    await().until(() -> far.room.contains(last));
    assertThat(own.room).containsExactly(event, last);
  }

  @Test
  default void manyEventsKeepTheOrderOfTheirRoom() {
    var heard = listenTo(receiver());
    var rooms = IntStream.range(0, 20).mapToObj(i -> new RoomId(UUID.randomUUID())).toList();

    for (int pos = 1; pos <= 200; pos++) {
      for (var room : rooms) {
        publisher().publish(room, List.of(EventSamples.message(room, pos, "number " + pos)));
      }
    }

    await().until(() -> heard.room.size() == 20 * 200);
    for (var room : rooms) {
      assertThat(heard.room.stream().filter(event -> event.room().equals(room)))
          .extracting(RoomEvent::pos)
          .isSorted()
          .doesNotHaveDuplicates();
    }
  }

  @Test
  default void aListenersDefectReachesNobodyElse() {
    publisher().subscribe(new Defective());
    receiver().subscribe(new Defective());
    var heard = listenTo(receiver());
    var room = new RoomId(UUID.randomUUID());

    publisher().publish(room, List.of(EventSamples.message(room, 1, "still here")));

    await().until(() -> heard.room.size() == 1);
  }

  /// Fails at everything.
  final class Defective implements EventBus.Listener {
    @Override
    public void onRoomEvents(RoomId room, List<RoomEvent> events) {
      throw new IllegalStateException("on purpose");
    }

    @Override
    public void onRoomHead(RoomId room, long pos) {
      throw new IllegalStateException("on purpose");
    }

    @Override
    public void onUserEvent(UserEvent event) {
      throw new IllegalStateException("on purpose");
    }

    @Override
    public void onUserHead(UserId user, long pos) {
      throw new IllegalStateException("on purpose");
    }

    @Override
    public void onEphemeral(EphemeralEvent event) {
      throw new IllegalStateException("on purpose");
    }
  }
}
