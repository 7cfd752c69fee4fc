package dev.parley.server.compat.messaging;

import dev.parley.server.base.RefusedException;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.rest.http.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A message as the second seed's clients see it.
///
/// @param status `sent`, or `delivered` once it has reached its receiver
record MessagingFrame(
    long id, String senderId, String receiverId, String content, String status, Instant createdAt) {
  static final String SENT = "sent";
  static final String DELIVERED = "delivered";

  private static final Json JSON = new Json();

  /// What a client sends, as a frame or as a body. On a socket the sender is ours to say.
  record Said(
      @Nullable String senderId,
      @Nullable String receiverId,
      @Nullable String recipientId,
      @Nullable String to,
      @Nullable String content) {
    /// What a frame says; empty if it is no JSON object with texts in the right places.
    static Optional<Said> read(String frame) {
      try {
        return Optional.of(JSON.read(frame.getBytes(StandardCharsets.UTF_8), Said.class, false));
      } catch (RefusedException e) {
        return Optional.empty();
      }
    }

    /// Whom it is for; empty if it does not say.
    Optional<String> receiver() {
      return Optional.ofNullable(receiverId)
          .or(() -> Optional.ofNullable(recipientId))
          .or(() -> Optional.ofNullable(to))
          .filter(id -> !id.isEmpty());
    }

    /// Who it claims to be from.
    Optional<String> sender() {
      return Optional.ofNullable(senderId).filter(id -> !id.isEmpty());
    }

    String text() {
      return content == null ? "" : content;
    }
  }

  /// What became of a message.
  private record Delivery(long messageId, String status, String to, String type) {}

  /// A message that was posted; empty if its content was deleted.
  static Optional<MessagingFrame> of(MessagePosted message, UserId receiver, String status) {
    return message
        .content()
        .map(
            content ->
                new MessagingFrame(
                    message.messageId(),
                    message.actor().openName(),
                    receiver.openName(),
                    content,
                    status,
                    message.stamp().at()));
  }

  /// The frame that tells a sender.
  static byte[] delivery(long messageId, UserId receiver, String status) {
    return JSON.write(new Delivery(messageId, status, receiver.openName(), "delivery"));
  }

  byte[] bytes() {
    return JSON.write(this);
  }
}
