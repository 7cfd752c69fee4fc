package dev.parley.server.gateway;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts the open sockets of each address, so that one of them cannot take all there are.
/// Thread-safe.
final class Seats {
  private final SocketCaps caps;
  private final AtomicInteger all = new AtomicInteger();
  private final ConcurrentHashMap<String, Row> rows = new ConcurrentHashMap<>();

  Seats(SocketCaps caps) {
    this.caps = caps;
  }

  /// The sockets of one address. Guarded by its entry in the map.
  static final class Row {
    private final String address;
    private int taken;

    private Row(String address) {
      this.address = address;
    }
  }

  /// Whether somebody from there would not be let in now.
  boolean isFull(String address) {
    var row = rows.get(address);
    return all.get() >= caps.all() || (row != null && row.taken >= caps.perAddress());
  }

  /// Counts a socket in.
  Row take(String address) {
    all.incrementAndGet();
    return rows.compute(
        address,
        (key, there) -> {
          var row = there == null ? new Row(key) : there;
          row.taken++;
          return row;
        });
  }

  /// Whether more are in than may be: several came at once.
  boolean isOver(Row row) {
    return all.get() > caps.all() || row.taken > caps.perAddress();
  }

  /// Counts a socket out.
  void leave(Row row) {
    all.decrementAndGet();
    rows.computeIfPresent(row.address, (key, there) -> --there.taken == 0 ? null : there);
  }
}
