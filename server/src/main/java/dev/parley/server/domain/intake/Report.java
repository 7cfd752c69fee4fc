package dev.parley.server.domain.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// What an import did, table by table.
public final class Report {
  private final List<Tally> tallies = new ArrayList<>();
  private final Consumer<String> progress;

  /// @param progress hears now and then how far a large table is
  public Report(Consumer<String> progress) {
    this.progress = progress;
  }

  /// The tally of one more table, in the order of reading.
  public Tally table(String name) {
    var tally = new Tally(name, progress);
    tallies.add(tally);
    return tally;
  }

  /// All tables.
  public List<Tally> tallies() {
    return List.copyOf(tallies);
  }

  /// Whether something is in that was not there before.
  public boolean changedSomething() {
    return tallies.stream().anyMatch(tally -> tally.imported() > 0);
  }

  /// Whether something stays out that should be in.
  public boolean complete() {
    return tallies.stream().allMatch(tally -> tally.refusedCount() == 0);
  }

  /// For people.
  ///
  /// @param rehearsed whether nothing was written
  public List<String> lines(boolean rehearsed) {
    var lines = new ArrayList<String>();
    lines.add(
        row(
            "table",
            "read",
            rehearsed ? "to import" : "imported",
            "already there",
            "left out",
            "refused"));
    for (var tally : tallies) {
      lines.add(
          row(
              tally.table(),
              tally.read(),
              tally.imported(),
              tally.there(),
              tally.leftOutCount(),
              tally.refusedCount()));
    }
    for (var tally : tallies) {
      explain(lines, tally.table() + ": refused", tally.refused());
      explain(lines, tally.table() + ": imported with a difference", tally.changed());
      explain(lines, tally.table() + ": left out", tally.leftOut());
    }
    if (!changedSomething()) {
      lines.add("Nothing to do: everything that can be imported is there already.");
    } else if (rehearsed) {
      lines.add("Nothing was written: this was a rehearsal.");
    }
    return lines;
  }

  private static void explain(List<String> lines, String what, Map<String, Tally.Sample> reasons) {
    reasons.forEach(
        (reason, sample) -> {
          var more = sample.count() > sample.first().size() ? ", …" : "";
          var ids = String.join(", ", sample.first()) + more;
          lines.add("%s: %d because %s (%s)".formatted(what, sample.count(), reason, ids));
        });
  }

  private static String row(Object... cells) {
    return "%-16s %10s %10s %14s %10s %10s".formatted(cells);
  }
}
