package dev.parley.client;

import java.time.Instant;
import java.util.UUID;

/// A message is in its room's log, durably.
///
/// @param duplicate whether an earlier attempt had put it there
public record Sent(
    UUID op,
    String roomId,
    long messageId,
    long seq,
    long pos,
    Instant timestamp,
    boolean duplicate) {}
