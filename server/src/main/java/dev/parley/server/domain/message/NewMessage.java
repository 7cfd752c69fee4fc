package dev.parley.server.domain.message;

import dev.parley.server.base.Limits;
import dev.parley.server.base.Names;
import dev.parley.server.base.Refusal;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/// A message to be sent.
///
/// @param op the sender's idempotency key
public record NewMessage(UUID op, String content, OptionalLong threadId, List<String> attachments) {
  public NewMessage {
    Names.storable("content", content);
    attachments = List.copyOf(attachments);
    if (content.isBlank() && attachments.isEmpty()) {
      throw Refusal.badRequest("content must not be empty");
    }
    if (Names.bytes(content) > Limits.CONTENT_BYTES) {
      throw Refusal.tooLarge("content must have at most " + Limits.CONTENT_BYTES + " bytes");
    }
    if (attachments.size() > Limits.ATTACHMENTS) {
      throw Refusal.badRequest("a message carries at most " + Limits.ATTACHMENTS + " files");
    }
  }

  /// A plain text.
  public static NewMessage text(UUID op, String content) {
    return new NewMessage(op, content, OptionalLong.empty(), List.of());
  }
}
