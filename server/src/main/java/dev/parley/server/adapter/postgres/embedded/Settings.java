package dev.parley.server.adapter.postgres.embedded;

import java.util.List;
import java.util.stream.Stream;

/// The settings of the server. They stand on the command line, where no file can weaken them.
final class Settings {
  /// What the promises rest on (C1).
  private static final List<String> DURABLE =
      List.of("fsync=on", "full_page_writes=on", "synchronous_commit=on");

  /// Reachable from this machine only, with a password.
  private static final List<String> PRIVATE =
      List.of(
          "listen_addresses=127.0.0.1",
          "unix_socket_directories=",
          "password_encryption=scram-sha-256");

  /// Fit for two cores and half a gigabyte: many short transactions, no analytics.
  private static final List<String> TUNED =
      List.of(
          "max_connections=60",
          "shared_buffers=128MB",
          "effective_cache_size=512MB",
          "maintenance_work_mem=64MB",
          "wal_compression=on",
          "wal_buffers=8MB",
          "min_wal_size=128MB",
          "max_wal_size=1GB",
          "checkpoint_timeout=15min",
          "random_page_cost=1.1",
          "jit=off",
          "max_parallel_workers_per_gather=0",
          "autovacuum_max_workers=2",
          // Sessions of a Parley that was killed must not keep their locks.
          "client_connection_check_interval=5s",
          "idle_in_transaction_session_timeout=30s",
          "timezone=UTC");

  /// The log names slow statements, but never what people wrote.
  private static final List<String> LOG =
      List.of(
          "log_timezone=UTC",
          "log_line_prefix=%m [%p] %a ",
          "log_checkpoints=off",
          "log_min_duration_statement=5s",
          "log_parameter_max_length=0");

  private Settings() {}

  /// The arguments of the server for this cluster and port.
  static List<String> arguments(Folder folder, int port) {
    var place = Stream.of("-D", folder.cluster().toString(), "-p", Integer.toString(port));
    var settings = Stream.of(DURABLE, PRIVATE, TUNED, LOG).flatMap(List::stream);
    return Stream.concat(place, settings.flatMap(setting -> Stream.of("-c", setting))).toList();
  }
}
