package dev.parley.server.app.config;

/// Sockets that exist for measuring only; never in production.
///
/// @param echo sends back what it gets, with raised limits
/// @param bench broadcasts without storage
public record ConformanceConfig(boolean echo, boolean bench) {}
