package dev.parley.server.app.config;

/// Which part of the product a process runs.
public enum Role {
  /// Everything in one process.
  ALL,
  /// REST only, on the second port.
  API,
  /// Sockets and REST, on the main port.
  GATEWAY,
  /// Jobs and sweeps; opens no port but health.
  WORKER
}
