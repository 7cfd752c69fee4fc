package dev.parley.server.app.config;

import java.util.Optional;

/// Everything that an operator chose, or the defaults.
///
/// @param redis empty: one node, the bus in the process
public record Config(
    NodeConfig node,
    ServerConfig server,
    DatabaseConfig database,
    Optional<RedisConfig> redis,
    AuthConfig auth,
    CompatConfig compat,
    LimitsConfig limits,
    ConformanceConfig conformance,
    LogConfig log) {}
