package dev.parley.server.domain.message;

import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// What a user wrote, as it stands now.
///
/// @param content empty if the message was deleted
/// @param labels what the sender's dialect attached
public record Message(
    RoomId room,
    long messageId,
    long seq,
    long pos,
    UserId author,
    UUID op,
    Optional<String> content,
    OptionalLong threadId,
    List<String> attachments,
    Map<String, String> labels,
    Instant postedAt,
    Optional<Instant> editedAt,
    Optional<Instant> deletedAt,
    boolean pinned,
    List<Reaction> reactions) {
  /// One emoji and who chose it, in the order of time.
  public record Reaction(String emoji, List<UserId> users) {}
}
