package dev.parley.server.gateway;

import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.EphemeralEvent.Received;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The subscriptions of one room on one event loop. Event loop only: no lock, no queue per
/// delivery.
final class LoopTopic {
  private @Nullable Subscription[] subscriptions = new Subscription[2];
  private int size;
  private long lastPos;

  void add(Subscription subscription) {
    if (size == subscriptions.length) {
      subscriptions = Arrays.copyOf(subscriptions, 2 * size);
    }
    subscription.slot(size);
    subscriptions[size++] = subscription;
  }

  void remove(Subscription subscription) {
    int slot = subscription.slot();
    if (slot < size && subscriptions[slot] == subscription) {
      var last = subscriptions[--size];
      subscriptions[slot] = last;
      subscriptions[size] = null;
      if (last != null) {
        last.slot(slot);
      }
    }
  }

  boolean isEmpty() {
    return size == 0;
  }

  /// Whether the subscription has everything that was delivered here; from then on it gets the rest
  /// as it comes.
  boolean goLive(Subscription subscription) {
    if (subscription.pos() < lastPos) {
      return false;
    }
    subscription.become(Subscription.State.LIVE);
    return true;
  }

  /// Delivers events that follow each other to everybody who is live.
  void deliver(EncodedEvents batch) {
    lastPos = Math.max(lastPos, batch.last());
    boolean fence = batch.anybodyLeft();
    // Downwards, because whoever is fenced off is taken out of the array.
    for (int i = size - 1; i >= 0; i--) {
      var subscription = subscriptions[i];
      if (subscription != null) {
        deliver(subscription, batch, fence);
      }
    }
  }

  /// What fails for one connection ends that one, and the others are not to miss anything for it.
  private static void deliver(Subscription subscription, EncodedEvents batch, boolean fence) {
    try {
      if (fence) {
        deliverFenced(subscription, batch);
      } else {
        deliver(subscription, batch);
      }
    } catch (Throwable e) {
      // Also an error: Netty says by one that its direct memory is used up.
      subscription.connection().failed(e);
    }
  }

  /// Has everybody who is live and has less than this position read the log.
  void reach(long pos) {
    lastPos = Math.max(lastPos, pos);
    for (int i = 0; i < size; i++) {
      var subscription = subscriptions[i];
      if (subscription != null
          && subscription.state() == Subscription.State.LIVE
          && subscription.pos() < pos) {
        subscription.connection().missed(subscription);
      }
    }
  }

  /// Delivers what is not kept to those whom it is for; who has no room for it goes without.
  void deliver(EncodedSignal signal, Predicate<UserId> hears) {
    for (int i = 0; i < size; i++) {
      var subscription = subscriptions[i];
      if (subscription != null && hears.test(subscription.access().userId())) {
        subscription.connection().offer(signal.in(subscription.dialect()));
      }
    }
  }

  /// The same, but for those that were reached through another room.
  void deliver(EncodedSignal signal, Predicate<UserId> hears, Set<Connection> reached) {
    for (int i = 0; i < size; i++) {
      var subscription = subscriptions[i];
      if (subscription != null
          && hears.test(subscription.access().userId())
          && reached.add(subscription.connection())) {
        subscription.connection().offer(signal.in(subscription.dialect()));
      }
    }
  }

  /// Tells those whose clients want to know what has reached somebody else.
  void tell(Received receipt) {
    for (int i = 0; i < size; i++) {
      var subscription = subscriptions[i];
      if (subscription != null
          && subscription.dialect().receipts()
          && !subscription.access().userId().equals(receipt.user())) {
        subscription.connection().received(receipt);
      }
    }
  }

  private static void deliver(Subscription subscription, EncodedEvents batch) {
    if (subscription.state() == Subscription.State.LIVE
        && !subscription.deliver(batch, Long.MAX_VALUE)) {
      subscription.connection().lag(subscription, batch);
    }
  }

  private static void deliverFenced(Subscription subscription, EncodedEvents batch) {
    long upTo = batch.visibleTo(subscription.access().userId(), subscription.pos());
    if (upTo == Long.MAX_VALUE) {
      deliver(subscription, batch);
      return;
    }
    switch (subscription.state()) {
      case LIVE -> {
        if (subscription.deliver(batch, upTo)) {
          subscription.connection().fence(subscription);
        } else {
          // It gets everything up to its leave, and is fenced off there.
          subscription.connection().catchUp(subscription);
        }
      }
      case BEHIND -> subscription.connection().fence(subscription);
      case CATCHING_UP, ENDED -> {
        // Catching up comes to this event by itself.
      }
    }
  }
}
