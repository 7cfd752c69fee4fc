package dev.parley.client.verify;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// Prints a report for people.
final class Table {
  private final PrintStream out;

  Table(PrintStream out) {
    this.out = out;
  }

  void print(Report report, Duration load) {
    for (var violation : Violation.values()) {
      long count = report.count(violation);
      boolean isBad = count > 0 && !violation.isAllowed();
      out.printf(
          Locale.ROOT,
          "%s %-13s %9d  %s%n",
          isBad ? "✗" : " ",
          violation.label(),
          count,
          violation.meaning());
      report
          .examples()
          .getOrDefault(violation, List.of())
          .forEach(
              example -> {
                if (isBad) {
                  out.printf(Locale.ROOT, "      e.g. %s%n", example);
                }
              });
    }
    out.println();
    double seconds = Math.max(1e-3, load.toNanos() / 1e9);
    out.printf(Locale.ROOT, "  sent          %9d  different messages%n", report.sent());
    out.printf(
        Locale.ROOT,
        "  acked         %9d  of them; %.0f/s%n",
        report.acked(),
        report.acked() / seconds);
    out.printf(Locale.ROOT, "  oks           %9d  with those for repeated sends%n", report.acks());
    out.printf(Locale.ROOT, "  errors        %9d%n", report.refusals());
    out.printf(
        Locale.ROOT,
        "  delivered     %9d  events, on connections and by clients%n",
        report.delivered());
    out.printf(
        Locale.ROOT,
        "  ack latency   %9.1f  ms p50, %.1f ms p99, with reconnects%n",
        report.latencyP50Nanos() / 1e6,
        report.latencyP99Nanos() / 1e6);
  }
}
