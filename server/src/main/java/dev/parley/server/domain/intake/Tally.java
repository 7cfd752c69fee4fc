package dev.parley.server.domain.intake;

import dev.parley.server.base.Limits;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.StartupException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Counts what became of the rows of one table.
public final class Tally {
  private static final int STRIDE = 50_000;
  private static final int FIRST = 5;
  private static final int REASONS = 30;
  private static final String OTHERS = "other reasons";

  private final String table;
  private final Consumer<String> progress;
  private final Set<String> refusedIds = new HashSet<>();
  private final Map<String, Sample> refused = new LinkedHashMap<>();
  private final Map<String, Sample> changed = new LinkedHashMap<>();
  private final Map<String, Sample> leftOut = new LinkedHashMap<>();
  private long counted;
  private long imported;
  private long there;

  Tally(String table, Consumer<String> progress) {
    this.table = table;
    this.progress = progress;
  }

  /// How many rows share a reason, and the ids of the first of them.
  public static final class Sample {
    private final List<String> first = new ArrayList<>(FIRST);
    private long count;

    public long count() {
      return count;
    }

    public List<String> first() {
      return List.copyOf(first);
    }

    private void add(String id) {
      count++;
      if (first.size() < FIRST) {
        first.add(id);
      }
    }
  }

  /// Works on one row and counts what became of it. A row that is refused does not keep the next
  /// one out.
  public Verdict take(String id, Supplier<Verdict> work) {
    try {
      return count(id, work.get());
    } catch (RefusedException e) {
      return count(id, Verdict.refused(e.refusal().message()));
    }
  }

  /// Counts what became of one row.
  ///
  /// @throws StartupException when more than [Limits#REFUSED_ROWS] are refused: that is no database
  ///   of this family
  public Verdict count(String id, Verdict verdict) {
    switch (verdict) {
      case Verdict.Imported(var note) -> {
        imported++;
        if (!note.isEmpty()) {
          add(changed, note, id);
        }
      }
      case Verdict.There _ -> there++;
      case Verdict.LeftOut(var reason) -> add(leftOut, reason, id);
      case Verdict.Refused(var reason) -> refuse(reason, id);
    }
    counted++;
    if (counted % STRIDE == 0) {
      progress.accept(table + ": " + counted + " rows so far");
    }
    return verdict;
  }

  /// Says what is different about a row that is in.
  public void note(String id, String difference) {
    add(changed, difference, id);
  }

  private void refuse(String reason, String id) {
    add(refused, reason, id);
    refusedIds.add(id);
    if (refusedIds.size() > Limits.REFUSED_ROWS) {
      throw new StartupException(
          "More than %d rows of %s cannot be imported, at first because: %s. Is it the right family?"
              .formatted(Limits.REFUSED_ROWS, table, refused.keySet().iterator().next()));
    }
  }

  private static void add(Map<String, Sample> samples, String reason, String id) {
    var key = samples.containsKey(reason) || samples.size() < REASONS ? reason : OTHERS;
    samples.computeIfAbsent(key, any -> new Sample()).add(id);
  }

  /// Whether the row with this id was refused.
  public boolean hasRefused(String id) {
    return refusedIds.contains(id);
  }

  public String table() {
    return table;
  }

  public long imported() {
    return imported;
  }

  public long there() {
    return there;
  }

  /// All rows that came.
  public long read() {
    return counted;
  }

  public long refusedCount() {
    return sum(refused);
  }

  public long leftOutCount() {
    return sum(leftOut);
  }

  /// The reasons for which rows stay out although somebody may look for them.
  public Map<String, Sample> refused() {
    return refused;
  }

  /// What is different about rows that are in.
  public Map<String, Sample> changed() {
    return changed;
  }

  /// Why rows are nothing to be taken.
  public Map<String, Sample> leftOut() {
    return leftOut;
  }

  private static long sum(Map<String, Sample> samples) {
    return samples.values().stream().mapToLong(Sample::count).sum();
  }
}
