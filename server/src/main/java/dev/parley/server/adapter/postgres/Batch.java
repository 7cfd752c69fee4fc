package dev.parley.server.adapter.postgres;

import dev.parley.server.base.Refusal;
import dev.parley.server.domain.room.RoomLog.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;

/// The drafts of one commit. The same op may have come twice within it: only the first is written,
/// and the others are answered as its duplicates.
final class Batch {
  private final List<List<Append>> groups;

  private Batch(List<List<Append>> groups) {
    this.groups = groups;
  }

  static Batch of(List<Append> appends) {
    var groups = new LinkedHashMap<Append.Key, List<Append>>();
    for (var append : appends) {
      groups.computeIfAbsent(append.key(), key -> new ArrayList<>(1)).add(append);
    }
    return new Batch(List.copyOf(groups.values()));
  }

  /// What is to be written: no two with the same key.
  List<Append> distinct() {
    return groups.stream().map(List::getFirst).toList();
  }

  /// Tells everybody; the outcomes are in the order of [#distinct].
  ///
  /// All answers to one sender come in a row (and in order), so that they can go out in one system
  /// call: answered in the order of the batch, a hundred senders cost a call per message.
  void settle(List<Outcome> outcomes) {
    IntStream.range(0, groups.size())
        .boxed()
        .sorted(Comparator.comparing(i -> groups.get(i).getFirst().draft().sender()))
        .forEachOrdered(i -> settle(groups.get(i), outcomes.get(i)));
  }

  private static void settle(List<Append> group, Outcome outcome) {
    group.getFirst().settle(outcome);
    if (group.size() > 1) {
      long hash = group.getFirst().bodyHash();
      for (var repeat : group.subList(1, group.size())) {
        repeat.settle(repeated(outcome, hash == repeat.bodyHash()));
      }
    }
  }

  /// Tells everybody the same.
  void settleAll(Outcome outcome) {
    groups.forEach(group -> group.forEach(append -> append.settle(outcome)));
  }

  private static Outcome repeated(Outcome first, boolean sameBody) {
    return switch (first) {
      case Outcome.Posted posted when sameBody -> new Outcome.Posted(posted.event(), true);
      case Outcome.Posted posted -> mismatch();
      case Outcome.Refused refused -> refused;
      case Outcome.Unknown unknown -> unknown;
    };
  }

  static Outcome mismatch() {
    return new Outcome.Refused(
        new Refusal.IdempotencyMismatch("this op was used before for another message"));
  }
}
