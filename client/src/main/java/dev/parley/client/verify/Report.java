package dev.parley.client.verify;

import java.util.List;
import java.util.Map;

/// What a checker found.
///
/// @param counts per class, how often; every class is there
/// @param examples per class that occurred, the first few
/// @param delivered events that streams of all kinds got
public record Report(
    Map<Violation, Long> counts,
    Map<Violation, List<String>> examples,
    long sent,
    long acked,
    long acks,
    long refusals,
    long delivered,
    long latencyP50Nanos,
    long latencyP99Nanos) {
  /// Whether nothing forbidden was found. A history without any message proves nothing.
  public boolean isClean() {
    return acked > 0
        && counts.entrySet().stream()
            .allMatch(count -> count.getKey().isAllowed() || count.getValue() == 0);
  }

  /// How often a class was found.
  public long count(Violation violation) {
    return counts.getOrDefault(violation, 0L);
  }
}
