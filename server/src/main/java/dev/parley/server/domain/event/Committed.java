package dev.parley.server.domain.event;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The events of one committed transaction, to be told to all nodes. Empty if nothing changed.
public record Committed(List<RoomEvent> roomEvents, List<UserEvent> userEvents) {
  /// A transaction that changed nothing.
  public static final Committed NOTHING = new Committed(List.of(), List.of());

  public Committed {
    roomEvents = List.copyOf(roomEvents);
    userEvents = List.copyOf(userEvents);
  }

  /// Events of one room only.
  public static Committed of(RoomEvent... events) {
    return new Committed(List.of(events), List.of());
  }

  /// Tells everybody. A user hears of a new room before the room's own events come.
  public void publish(EventBus bus) {
    userEvents.forEach(bus::publish);
    roomEvents.stream().collect(Collectors.groupingBy(RoomEvent::room)).entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> bus.publish(entry.getKey(), entry.getValue()));
  }
}
