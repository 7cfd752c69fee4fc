package dev.parley.server.domain.room;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.EphemeralEvent.SignedOut;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.room.HeadLookup.Heads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Finds what the bus lost, about once a second: asks the database with one query where the logs
/// stand that somebody on this node hears, and tells whoever hears them. A listener sees a hole by
/// itself when a later event comes; this is for the last events before a silence, for a node that
/// died between its commit and its telling, and for the time without Redis.
///
/// While the bus works, a head is told a moment after it was read, because the event is on its way
/// most often; and of very many logs some thousands are asked for in each round. While it does not
/// work, all are, and told at once.
public final class TailWatch implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(900);
  private static final Duration GRACE = Duration.ofMillis(150);

  /// Rooms, users and devices in one query, each. Beyond: the next round, or the next query.
  static final int AT_ONCE = 5_000;

  private final HeadLookup lookup;
  private final List<Audience> audiences;
  private final BooleanSupplier busIsOpen;
  private final Later later;
  private int begin;
  private volatile boolean closed;

  public TailWatch(
      HeadLookup lookup, List<Audience> audiences, BooleanSupplier busIsOpen, Later later) {
    this.lookup = lookup;
    this.audiences = List.copyOf(audiences);
    this.busIsOpen = busIsOpen;
    this.later = later;
  }

  /// Hears a part of what happens, and says which.
  public interface Audience extends EventBus.Listener {
    /// The rooms that are heard.
    Set<RoomId> rooms();

    /// The users whose own log is heard.
    Set<UserId> users();

    /// The devices that hear.
    Set<DeviceId> devices();

    @Override
    void onRoomHead(RoomId room, long pos);

    @Override
    void onUserHead(UserId user, long pos);

    /// A user was let see less of an organization, so many times in all.
    void onAccessReduced(UserId user, long times);
  }

  /// Runs a task after a while, where it may block.
  @FunctionalInterface
  public interface Later {
    void run(Duration delay, Runnable task);
  }

  /// Begins.
  public void start() {
    later.run(PAUSE, this::round);
  }

  /// One round; the next one follows it.
  private void round() {
    if (closed) {
      return;
    }
    try {
      look();
    } catch (OutageException e) {
      // Without the database there is nothing to catch up with.
    } finally {
      later.run(PAUSE, this::round);
    }
  }

  private void look() {
    var rooms = heard(Audience::rooms);
    var users = heard(Audience::users);
    var devices = heard(Audience::devices);
    int most = Math.max(rooms.size(), Math.max(users.size(), devices.size()));
    boolean open = busIsOpen.getAsBoolean();
    for (int done = 0; done < most; done += AT_ONCE) {
      begin = begin >= most ? 0 : begin;
      var heads = lookup.heads(part(rooms), part(users), part(devices));
      begin += AT_ONCE;
      if (open) {
        later.run(GRACE, () -> tell(heads));
        return;
      }
      tell(heads);
    }
  }

  private <T> List<T> heard(Function<Audience, Set<T>> of) {
    return new ArrayList<>(
        audiences.stream().map(of).flatMap(Collection::stream).collect(Collectors.toSet()));
  }

  private <T> List<T> part(List<T> all) {
    int from = Math.min(begin, all.size());
    return all.subList(from, Math.min(from + AT_ONCE, all.size()));
  }

  private void tell(Heads heads) {
    for (var audience : audiences) {
      heads.rooms().forEach(audience::onRoomHead);
      heads.users().forEach(audience::onUserHead);
      heads.reduced().forEach(audience::onAccessReduced);
      heads
          .signedOut()
          .forEach(
              (device, user) ->
                  audience.onEphemeral(new SignedOut(user, Optional.of(device), Optional.empty())));
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
