package dev.parley.server.gateway;

import dev.parley.protocol.CloseCode;
import dev.parley.server.base.Metric;
import dev.parley.server.base.Telemetry;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What the gateway counts. What happens with every frame is counted by the event loops, which
/// report once a second.
final class GatewayMetrics {
  /// The caps of a connection that can end it.
  enum Cap {
    COMMANDS,
    LINES,
    ANSWERS,
    PENDING,
    SOCKETS
  }

  private final Telemetry telemetry;
  private final ConcurrentHashMap<String, LongAdder> sockets = new ConcurrentHashMap<>();
  private final Map<Integer, Telemetry.Counter> closes;
  private final Telemetry.Counter otherCloses;
  private final Map<Cap, Telemetry.Counter> capped;
  private final Telemetry.Counter framesIn;
  private final Telemetry.Counter framesOut;
  private final Telemetry.Counter deliveries;
  private final Telemetry.Counter behind;
  private final Telemetry.Counter catchUps;
  private final Telemetry.Counter defects;

  GatewayMetrics(Telemetry telemetry) {
    this.telemetry = telemetry;
    this.closes =
        Arrays.stream(CloseCode.values())
            .map(CloseCode::number)
            .collect(Collectors.toMap(Function.identity(), code -> closes(Integer.toString(code))));
    this.otherCloses = closes("other");
    this.capped =
        Arrays.stream(Cap.values())
            .collect(
                Collectors.toMap(
                    Function.identity(),
                    cap ->
                        telemetry.counter(
                            Metric.SOCKETS_CAPPED, cap.name().toLowerCase(Locale.ROOT))));
    this.framesIn = telemetry.counter(Metric.FRAMES, "in");
    this.framesOut = telemetry.counter(Metric.FRAMES, "out");
    this.deliveries = telemetry.counter(Metric.DELIVERIES);
    this.behind = telemetry.counter(Metric.BEHIND);
    this.catchUps = telemetry.counter(Metric.CATCH_UPS);
    this.defects = telemetry.counter(Metric.DEFECTS, "gateway");
  }

  private Telemetry.Counter closes(String code) {
    return telemetry.counter(Metric.SOCKET_CLOSES, code);
  }

  void opened(String dialect) {
    sockets.computeIfAbsent(dialect, this::gauge).increment();
  }

  void closed(String dialect, int code) {
    sockets.computeIfAbsent(dialect, this::gauge).decrement();
    closes.getOrDefault(code, otherCloses).increment();
  }

  private LongAdder gauge(String dialect) {
    var open = new LongAdder();
    telemetry.gauge(Metric.SOCKETS, open::sum, dialect);
    return open;
  }

  void capped(Cap cap) {
    Objects.requireNonNull(capped.get(cap)).increment();
  }

  void behind() {
    behind.increment();
  }

  void catchUp() {
    catchUps.increment();
  }

  void defect() {
    defects.increment();
  }

  /// What an event loop counted since the last time.
  void add(long in, long out, long events) {
    framesIn.add(in);
    framesOut.add(out);
    deliveries.add(events);
  }
}
