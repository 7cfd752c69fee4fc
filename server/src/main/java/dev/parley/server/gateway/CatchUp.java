package dev.parley.server.gateway;

import dev.parley.server.base.OutageException;
import dev.parley.server.domain.event.RoomEvent;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends a subscription what it missed, page by page as the socket has room, until it has
/// everything and goes live.
///
/// There is no gap at the seam: the subscription is known to its loop before the log is read, and
/// it goes live on the loop only if nothing newer than its own position has been delivered there
/// meanwhile.
final class CatchUp {
  private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);
  private static final int PAGE = 200;

  private final Gateway gateway;
  private final Connection connection;
  private final Subscription subscription;

  CatchUp(Gateway gateway, Connection connection, Subscription subscription) {
    this.gateway = gateway;
    this.connection = connection;
    this.subscription = subscription;
  }

  /// Event loop.
  void start() {
    connection.whenWritable(this::readNext);
  }

  /// Event loop.
  private void readNext() {
    if (subscription.state() == Subscription.State.CATCHING_UP) {
      long after = subscription.pos();
      gateway.executor().execute(() -> read(after));
    }
  }

  /// Virtual thread.
  private void read(long after) {
    try {
      var access = subscription.access();
      var page = gateway.read(access.orgId(), access.roomId(), after, PAGE);
      int leave = lastOwnLeave(page);
      boolean sentAway = (leave >= 0 || looksIn(page)) && !gateway.accessControl().holds(access);
      var visible = sentAway ? page.subList(0, leave + 1) : page;
      connection.onLoop(() -> deliverOrFail(visible, sentAway));
    } catch (OutageException e) {
      LOG.debug("catching up waits for the database: {}", e.getMessage());
      startLater();
    } catch (Throwable e) {
      // Also an error, such as too little memory: the client comes back instead of waiting for
      // ever.
      connection.failed(e);
    }
  }

  private void startLater() {
    gateway.executeLater(() -> connection.onLoop(this::start));
  }

  /// Whether the page is for somebody whose right to look ends without an event in the room.
  private boolean looksIn(List<RoomEvent> page) {
    var access = subscription.access();
    return !page.isEmpty() && access.role().isEmpty() && !access.userId().isOpen();
  }

  /// Somebody who left may have come back since, so that the last time counts.
  private int lastOwnLeave(List<RoomEvent> page) {
    var user = subscription.access().userId();
    for (int i = page.size() - 1; i >= 0; i--) {
      if (page.get(i) instanceof RoomEvent.MemberLeft left && left.member().equals(user)) {
        return i;
      }
    }
    return -1;
  }

  /// Event loop.
  private void deliverOrFail(List<RoomEvent> page, boolean sentAway) {
    try {
      deliver(page, sentAway);
    } catch (Throwable e) {
      connection.failed(e);
    }
  }

  private void deliver(List<RoomEvent> page, boolean sentAway) {
    if (subscription.state() != Subscription.State.CATCHING_UP) {
      return;
    }
    if (!page.isEmpty() && !deliver(page)) {
      start();
      return;
    }
    if (sentAway) {
      connection.fence(subscription);
    } else if (page.size() < PAGE && connection.goLive(subscription)) {
      connection.sessionLive(subscription);
    } else if (page.isEmpty()) {
      // More was delivered than the log has, as when it was set back under a running node.
      startLater();
    } else {
      start();
    }
  }

  /// Sends as much as there is room for; whether that was all.
  private boolean deliver(List<RoomEvent> page) {
    var batch = new EncodedEvents(page, gateway.allocator());
    try {
      return page.stream().allMatch(event -> subscription.deliver(batch, event.pos()));
    } finally {
      batch.release();
    }
  }
}
