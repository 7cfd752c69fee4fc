package dev.parley.server.app.logging;

import ch.qos.logback.classic.Level;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// What one log line says, free of secrets.
///
/// @param failure the stack trace
record Line(
    Instant time,
    Level level,
    String logger,
    String thread,
    String message,
    Map<String, String> fields,
    Optional<String> failure) {}
