package dev.parley.server.compat.gochat;

import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.message.Message;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A message of the history.
///
/// @param type `text`, `image` or `file`
/// @param messageType the same once more: search has always called it so
/// @param fileUrl empty without a file
record GoChatMessage(
    long id,
    RoomId roomId,
    UserId userId,
    GoChatUser user,
    String content,
    String type,
    String messageType,
    String fileUrl,
    @Nullable Long parentId,
    @Nullable Instant editedAt,
    Instant createdAt,
    List<ReactionView> reactions) {
  /// One emoji and who chose it.
  record ReactionView(String emoji, List<UserId> users, int count) {}

  static GoChatMessage of(Message message, Map<UserId, GoChatUser> users) {
    var content =
        GoChatContent.kept(message.content().orElse(""), message.attachments(), message.labels());
    return new GoChatMessage(
        message.messageId(),
        message.room(),
        message.author(),
        Objects.requireNonNull(users.get(message.author())),
        content.text(),
        content.type(),
        content.type(),
        content.fileUrl(),
        message.threadId().isPresent() ? message.threadId().getAsLong() : null,
        message.editedAt().orElse(null),
        message.postedAt(),
        message.reactions().stream()
            .map(one -> new ReactionView(one.emoji(), one.users(), one.users().size()))
            .toList());
  }
}
