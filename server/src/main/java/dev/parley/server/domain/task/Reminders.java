package dev.parley.server.domain.task;

import dev.parley.server.base.Metric;
import dev.parley.server.base.Telemetry;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.event.UserEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Tells all nodes of reminders that were raised, and counts them.
public final class Reminders implements ReminderQueue.Listener {
  private final EventBus bus;
  private final InstantSource clock;
  private final Telemetry.Counter raised;
  private final Telemetry.Counter dropped;
  private final Telemetry.Counter retried;
  private final Telemetry.Timer lateness;

  public Reminders(EventBus bus, InstantSource clock, Telemetry telemetry) {
    this.bus = bus;
    this.clock = clock;
    this.raised = telemetry.counter(Metric.REMINDERS, "raised");
    this.dropped = telemetry.counter(Metric.REMINDERS, "dropped");
    this.retried = telemetry.counter(Metric.REMINDERS, "retried");
    this.lateness = telemetry.timer(Metric.REMINDER_LATENESS);
  }

  @Override
  public void raised(UserEvent.TaskDue event, Instant expected) {
    bus.publish(event);
    raised.increment();
    var late = Duration.between(expected, clock.instant());
    // Two machines' clocks may differ by a little.
    lateness.record(Math.max(0, late.toNanos()));
  }

  @Override
  public void dropped() {
    dropped.increment();
  }

  @Override
  public void postponed() {
    retried.increment();
  }
}
