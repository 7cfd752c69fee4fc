package dev.parley.server.domain.message;

import dev.parley.server.base.Limits;
import dev.parley.server.base.Names;
import dev.parley.server.base.Refusal;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;

/// A message to be sent.
///
/// @param op the sender's idempotency key
/// @param labels small facts by name that the sender's dialect knows and we do not; they are kept
///   and given back as they are
public record NewMessage(
    UUID op,
    String content,
    OptionalLong threadId,
    List<String> attachments,
    Map<String, String> labels) {
  public NewMessage {
    Names.storable("content", content);
    attachments = List.copyOf(attachments);
    labels = Map.copyOf(labels);
    if (Names.bytes(content) > Limits.CONTENT_BYTES) {
      throw Refusal.tooLarge("content must have at most " + Limits.CONTENT_BYTES + " bytes");
    }
    if (attachments.size() > Limits.ATTACHMENTS) {
      throw Refusal.badRequest("a message carries at most " + Limits.ATTACHMENTS + " files");
    }
    checkLabels(labels);
  }

  /// A message without labels.
  public NewMessage(UUID op, String content, OptionalLong threadId, List<String> attachments) {
    this(op, content, threadId, attachments, Map.of());
  }

  /// A plain text.
  public static NewMessage text(UUID op, String content) {
    return new NewMessage(op, content, OptionalLong.empty(), List.of());
  }

  /// Goes on only if there is something to read.
  ///
  /// @throws dev.parley.server.base.RefusedException bad_request
  public NewMessage requireContent() {
    if (content.isBlank() && attachments.isEmpty()) {
      throw Refusal.badRequest("content must not be empty");
    }
    return this;
  }

  private static void checkLabels(Map<String, String> labels) {
    int bytes = 0;
    for (var label : labels.entrySet()) {
      Names.storable(label.getKey(), label.getValue());
      bytes += Names.bytes(label.getKey()) + Names.bytes(label.getValue());
    }
    if (bytes > Limits.LABEL_BYTES) {
      throw Refusal.tooLarge("labels must have at most " + Limits.LABEL_BYTES + " bytes");
    }
  }
}
