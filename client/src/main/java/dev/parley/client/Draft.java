package dev.parley.client;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A message that is to be sent, under the name that it keeps through every retry.
///
/// @param op the idempotency key; unique per room and sender
public record Draft(
    UUID op, String roomId, String content, @Nullable Long threadId, List<String> attachments) {}
