package dev.parley.server.compat.workspace;

import dev.parley.server.base.RefusedException;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.rest.http.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The one frame that the server sends.
///
/// @param clientId who wrote it; empty for a broadcast that names nobody
/// @param timestamp when it was posted
record WorkspaceFrame(
    String orgId,
    String groupId,
    String clientId,
    String recipientId,
    String content,
    Instant timestamp) {
  /// The label of whom a message is for.
  static final String RECIPIENT = "recipient_id";

  /// The label of the organization that a direct message names.
  static final String ORG = "org_id";

  /// The label of the group that a direct message names.
  static final String GROUP = "group_id";

  /// The label of a message that went to all groups of its organization.
  static final String TO_ALL = "to_all";

  private static final Json JSON = new Json();

  /// What a client sends, as a frame or as the body of a broadcast. Only what is used here is read;
  /// the sender and the time are ours to say.
  record Said(
      @Nullable String orgId,
      @Nullable String groupId,
      @Nullable String clientId,
      @Nullable String recipientId,
      @Nullable String content) {
    /// What a frame says; empty if it is no JSON object with texts in the right places.
    static Optional<Said> read(String frame) {
      try {
        return Optional.of(JSON.read(frame.getBytes(StandardCharsets.UTF_8), Said.class, false));
      } catch (RefusedException e) {
        return Optional.empty();
      }
    }

    String text() {
      return orEmpty(content);
    }

    String client() {
      return orEmpty(clientId);
    }

    String recipient() {
      return orEmpty(recipientId);
    }

    /// What is kept with a message to a group.
    Map<String, String> labels() {
      return recipient().isEmpty() ? Map.of() : Map.of(RECIPIENT, recipient());
    }

    /// What is kept with a direct message.
    Map<String, String> directLabels(String recipient) {
      var labels = new HashMap<String, String>(4);
      labels.put(RECIPIENT, recipient);
      put(labels, ORG, orgId);
      put(labels, GROUP, groupId);
      return labels;
    }

    private static void put(Map<String, String> labels, String name, @Nullable String value) {
      if (value != null && !value.isEmpty()) {
        labels.put(name, value);
      }
    }
  }

  /// A message as the clients see it; empty if its content was deleted.
  static Optional<WorkspaceFrame> of(MessagePosted message, String orgId, String groupId) {
    return message
        .content()
        .map(
            content ->
                new WorkspaceFrame(
                    orgId,
                    groupId,
                    message.actor().openName(),
                    message.labels().getOrDefault(RECIPIENT, ""),
                    content,
                    message.stamp().at()));
  }

  /// The JSON text, which ends in a line feed as it always did.
  byte[] bytes() {
    var json = JSON.write(this);
    var line = Arrays.copyOf(json, json.length + 1);
    line[json.length] = '\n';
    return line;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
