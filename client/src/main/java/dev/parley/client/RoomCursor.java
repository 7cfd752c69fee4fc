package dev.parley.client;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerEvent.InRoom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How far one room's log has been delivered. It lets every event through exactly once and in the
/// order of `pos`, holds back what arrives early, and knows when there is a hole to be pulled.
///
/// A new cursor is merely listening: it starts with whatever comes first.
final class RoomCursor {
  /// Events held back behind a hole. Beyond it they are dropped; they come again with the pull.
  static final int HELD = 512;

  /// Pulls in a row that brought nothing although there must be something.
  private static final int FRUITLESS_PULLS = 3;

  private static final long ANYWHERE = -1;

  private final TreeMap<Long, InRoom> held = new TreeMap<>();
  private @Nullable String epoch;
  private long pos = ANYWHERE;
  private long head = ANYWHERE;
  private boolean opened;
  private boolean sighted;
  private boolean pulling;
  private long pulledFrom;
  private int fruitlessPulls;

  /// Takes one event in and answers with those that are due now, in order; often just this one.
  List<InRoom> accept(InRoom event) {
    reachesTo(event.pos());
    if (pos == ANYWHERE) {
      pos = event.pos() - 1;
    }
    if (event.pos() <= pos) {
      return List.of();
    }
    if (event.pos() > pos + 1) {
      hold(event);
      return List.of();
    }
    pos = event.pos();
    return held.isEmpty() ? List.of(event) : withHeld(event);
  }

  /// The server says that the log reaches to here.
  void reachesTo(long newHead) {
    head = Math.max(head, newHead);
    sighted = true;
  }

  /// The log is that of this epoch. An opened room keeps its place; others go on after `pos`.
  ///
  /// @return whether the place is void because it belongs to another history
  boolean follow(String newEpoch, long newPos) {
    boolean isVoid = opened && epoch != null && !epoch.equals(newEpoch);
    epoch = newEpoch;
    if (!opened || pos == ANYWHERE) {
      startAfter(newPos);
      sighted = true;
    }
    return isVoid;
  }

  /// Wants the log without a hole from after `newPos` on.
  ///
  /// @return whether that place is void because it belongs to another history
  boolean open(@Nullable String newEpoch, long newPos) {
    boolean isVoid = epoch != null && newEpoch != null && !epoch.equals(newEpoch);
    epoch = epoch == null ? newEpoch : epoch;
    opened = true;
    long known = head;
    startAfter(newPos);
    head = Math.max(head, known);
    return isVoid;
  }

  /// Wants the log without a hole from here on.
  void openHere() {
    opened = true;
  }

  /// Where a pull must start, if there is a hole that is not being pulled already.
  OptionalLong hole() {
    return head > pos && !pulling && pos != ANYWHERE ? OptionalLong.of(pos) : OptionalLong.empty();
  }

  /// A pull is under way.
  void pulling() {
    pulling = true;
    pulledFrom = pos;
  }

  /// A pull was answered.
  ///
  /// @return false if pulling leads nowhere: the connection is not to be trusted
  boolean pulled() {
    pulling = false;
    sighted = true;
    fruitlessPulls = pos > pulledFrom || head <= pos ? 0 : fruitlessPulls + 1;
    return fruitlessPulls < FRUITLESS_PULLS;
  }

  /// The connection is gone, and with it the pulls and what was held back: the next one starts at
  /// the cursor.
  void disconnected() {
    pulling = false;
    sighted = false;
    fruitlessPulls = 0;
    held.clear();
    head = pos;
  }

  boolean isOpened() {
    return opened;
  }

  /// Where a pull must start because the room is open at a place and the connection has told
  /// nothing about it.
  OptionalLong blind() {
    return opened && !sighted && !pulling && pos != ANYWHERE
        ? OptionalLong.of(pos)
        : OptionalLong.empty();
  }

  /// Everything up to here was delivered; empty as long as the epoch or the place is unknown.
  Optional<Cursor> cursor() {
    return pos == ANYWHERE ? Optional.empty() : Optional.ofNullable(at(pos));
  }

  /// A place in this log, or null as long as the epoch is unknown.
  @Nullable Cursor at(long place) {
    return epoch == null ? null : new Cursor(epoch, place);
  }

  long pos() {
    return Math.max(0, pos);
  }

  private void startAfter(long newPos) {
    pos = newPos;
    head = newPos;
    held.clear();
  }

  private void hold(InRoom event) {
    held.put(event.pos(), event);
    if (held.size() > HELD) {
      held.pollLastEntry();
    }
  }

  private List<InRoom> withHeld(InRoom event) {
    var due = new ArrayList<InRoom>();
    due.add(event);
    held.headMap(pos, true).clear();
    for (var next = held.remove(pos + 1); next != null; next = held.remove(pos + 1)) {
      due.add(next);
      pos++;
    }
    return due;
  }
}
