package dev.parley.server.base;

import java.util.List;

/// Every metric of the server, under the name that `/metrics` shows. `docs/metrics.md` lists each;
/// a test holds the two together.
public enum Metric {
  HTTP_REQUESTS(
      "parley_http_requests_total",
      Type.COUNTER,
      Unit.COUNT,
      "HTTP requests answered",
      "operation",
      "status"),
  HTTP_SECONDS(
      "parley_http_request_seconds",
      Type.TIMER,
      Unit.SECONDS,
      "Time from the request's head to its answer",
      "operation"),
  HTTP_RUNNING(
      "parley_http_running", Type.GAUGE, Unit.COUNT, "HTTP requests that are being handled"),
  HTTP_SHED(
      "parley_http_shed_total",
      Type.COUNTER,
      Unit.COUNT,
      "HTTP requests refused because too many were being handled"),
  HTTP_STREAMS("parley_http_streams", Type.GAUGE, Unit.COUNT, "Event streams (SSE) that are open"),
  HTTP_STREAMS_CUT(
      "parley_http_streams_cut_total",
      Type.COUNTER,
      Unit.COUNT,
      "Event streams (SSE) closed because the reader was too slow"),
  HANDSHAKES(
      "parley_handshakes_total",
      Type.COUNTER,
      Unit.COUNT,
      "Requests for a socket that were answered; status 101 opened one",
      "route",
      "status"),
  SOCKETS("parley_sockets", Type.GAUGE, Unit.COUNT, "Sockets that are open", "dialect"),
  SOCKET_CLOSES(
      "parley_socket_closes_total",
      Type.COUNTER,
      Unit.COUNT,
      "Sockets that ended, by close code: ours, or the one of the client; 1005 and 1006 without one are `other`",
      "code"),
  SOCKETS_CAPPED(
      "parley_sockets_capped_total",
      Type.COUNTER,
      Unit.COUNT,
      "Sockets closed with 1013 because they reached a bound: commands or answers that wait, bytes that wait for the client, lines in a frame",
      "cap"),
  FRAMES(
      "parley_frames_total",
      Type.COUNTER,
      Unit.COUNT,
      "Messages on sockets, `in` and `out`, to the last second",
      "direction"),
  DELIVERIES(
      "parley_deliveries_total",
      Type.COUNTER,
      Unit.COUNT,
      "Room events written to sockets, to the last second"),
  BEHIND(
      "parley_behind_total",
      Type.COUNTER,
      Unit.COUNT,
      "Subscriptions put behind because the socket was too slow"),
  CATCH_UPS(
      "parley_catch_ups_total",
      Type.COUNTER,
      Unit.COUNT,
      "Subscriptions that began to read the log, because they are new or missed something"),
  TOPICS("parley_topics", Type.GAUGE, Unit.COUNT, "Rooms that somebody on this node hears"),
  LANE_WAITING(
      "parley_lane_waiting", Type.GAUGE, Unit.COUNT, "Messages that wait for their commit"),
  LANE_REFUSED(
      "parley_lane_refused_total",
      Type.COUNTER,
      Unit.COUNT,
      "Messages refused before their commit: `busy` too many waited, `away` the database was",
      "reason"),
  COMMIT_MESSAGES("parley_commit_messages", Type.SIZES, Unit.COUNT, "Messages in one commit"),
  DEFECTS(
      "parley_defects_total",
      Type.COUNTER,
      Unit.COUNT,
      "Exceptions that nobody expected, by the ring that met them",
      "ring"),
  RATE_REFUSED(
      "parley_rate_refused_total",
      Type.COUNTER,
      Unit.COUNT,
      "Acts refused by a limit of rate",
      "limit"),
  RATE_KEYS("parley_rate_keys", Type.GAUGE, Unit.COUNT, "Keys whose rate this process remembers"),
  FILE_BYTES("parley_file_bytes", Type.SIZES, Unit.BYTES, "Sizes of the files that were uploaded"),
  UPLOADS("parley_uploads", Type.GAUGE, Unit.COUNT, "Uploads that are under way"),
  DOWNLOADS("parley_downloads", Type.GAUGE, Unit.COUNT, "Downloads that are under way"),
  FILES_SWEPT(
      "parley_files_swept_total",
      Type.COUNTER,
      Unit.COUNT,
      "Files that nobody needed, bytes without a file and broken uploads that were removed"),
  SEARCH_SECONDS("parley_search_seconds", Type.TIMER, Unit.SECONDS, "Time of a search"),
  SEARCH_BEHIND(
      "parley_search_behind",
      Type.GAUGE,
      Unit.COUNT,
      "Events that are not in the index of messages yet, on the node that keeps it; 0 on the others"),
  SEARCH_INDEXED(
      "parley_search_indexed_total",
      Type.COUNTER,
      Unit.COUNT,
      "Messages that were put into the index, new or changed"),
  PASSWORD_SECONDS(
      "parley_password_seconds",
      Type.TIMER,
      Unit.SECONDS,
      "Processor time of hashing or verifying one password, without the wait for it",
      "work"),
  PASSWORDS_WAITING(
      "parley_passwords_waiting",
      Type.GAUGE,
      Unit.COUNT,
      "Passwords that wait to be hashed or verified"),
  PASSWORDS_SHED(
      "parley_passwords_shed_total",
      Type.COUNTER,
      Unit.COUNT,
      "Passwords refused because too many were waiting"),
  PASSWORDS_WRONG(
      "parley_passwords_wrong_total",
      Type.COUNTER,
      Unit.COUNT,
      "Passwords that were wrong, or whose account does not exist"),
  PRESENT(
      "parley_present",
      Type.GAUGE,
      Unit.COUNT,
      "Users that are online on this node, each once per kind of socket"),
  PRESENCE_WAITING(
      "parley_presence_waiting",
      Type.GAUGE,
      Unit.COUNT,
      "Comings and goings that wait to be announced"),
  DB_SECONDS(
      "parley_db_transaction_seconds",
      Type.TIMER,
      Unit.SECONDS,
      "Time of a transaction that was committed, from its connection to its commit, by pool",
      "pool"),
  DB_CONNECTIONS(
      "parley_db_connections",
      Type.GAUGE,
      Unit.COUNT,
      "Connections to the database, by pool and by what they do: active or idle",
      "pool",
      "state"),
  DB_WAITING(
      "parley_db_waiting",
      Type.GAUGE,
      Unit.COUNT,
      "Threads that wait for a connection, two seconds at most, by pool",
      "pool"),
  DB_CONFLICTS(
      "parley_db_conflicts_total",
      Type.COUNTER,
      Unit.COUNT,
      "Transactions that gave way to another one and were repeated, by pool",
      "pool"),
  DB_OUTAGES(
      "parley_db_outages_total",
      Type.COUNTER,
      Unit.COUNT,
      "Transactions that failed because the database was away, by kind",
      "kind"),
  REMINDERS(
      "parley_reminders_total",
      Type.COUNTER,
      Unit.COUNT,
      "Due tasks, by what became of the reminder: raised, dropped (nobody is left to be reminded) or retried",
      "outcome"),
  REMINDER_LATENESS(
      "parley_reminder_lateness_seconds",
      Type.TIMER,
      Unit.SECONDS,
      "Time from a task's due date to the commit of its reminder"),
  BUS_UP(
      "parley_bus_up",
      Type.GAUGE,
      Unit.COUNT,
      "1 while what this node publishes in Redis comes back to it"),
  BUS_SENT("parley_bus_sent_total", Type.COUNTER, Unit.COUNT, "Events published in Redis"),
  BUS_MESSAGES(
      "parley_bus_messages_total",
      Type.COUNTER,
      Unit.COUNT,
      "Messages published in Redis, each with many events"),
  BUS_DROPPED(
      "parley_bus_dropped_total",
      Type.COUNTER,
      Unit.COUNT,
      "Events that were not published in Redis and that the other nodes read from the log, by reason: full, away or large",
      "reason"),
  BUS_RECEIVED(
      "parley_bus_received_total",
      Type.COUNTER,
      Unit.COUNT,
      "Events of other nodes that came through Redis"),
  BUS_UNREADABLE(
      "parley_bus_unreadable_total",
      Type.COUNTER,
      Unit.COUNT,
      "Messages or events in Redis that this version cannot read"),
  BUS_WAITING(
      "parley_bus_waiting", Type.GAUGE, Unit.COUNT, "Events that wait to be published in Redis"),
  BUS_SECONDS(
      "parley_bus_seconds",
      Type.TIMER,
      Unit.SECONDS,
      "Time from publishing in Redis until it comes back to this node");

  private final String wireName;
  private final Type type;
  private final Unit unit;
  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // List.of cannot be changed.
  private final List<String> labels;

  Metric(String wireName, Type type, Unit unit, String help, String... labels) {
    this.wireName = wireName;
    this.type = type;
    this.unit = unit;
    this.help = help;
    this.labels = List.of(labels);
  }

  /// The name in the scrape; counters end in `_total`, timers in `_seconds`.
  public String wireName() {
    return wireName;
  }

  /// What kind of number it is.
  public Type type() {
    return type;
  }

  /// What the number counts.
  public Unit unit() {
    return unit;
  }

  /// One line that says what is measured.
  public String help() {
    return help;
  }

  /// The names of its labels. Their values must come from small fixed sets: never ids.
  public List<String> labels() {
    return labels;
  }

  /// The kinds of metric.
  public enum Type {
    /// Only grows.
    COUNTER,
    /// Is read when the scrape comes.
    GAUGE,
    /// A distribution of durations.
    TIMER,
    /// A distribution of sizes.
    SIZES
  }

  /// What a number counts.
  public enum Unit {
    COUNT,
    SECONDS,
    BYTES
  }
}
