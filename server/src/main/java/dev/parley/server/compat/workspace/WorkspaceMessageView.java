package dev.parley.server.compat.workspace;

import dev.parley.server.domain.message.Message;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A message of the history.
///
/// @param id a UUID
/// @param clientId who wrote it; empty for a broadcast that names nobody
record WorkspaceMessageView(
    String id,
    String orgId,
    String groupId,
    String clientId,
    @Nullable String recipientId,
    String content,
    Instant timestamp) {
  /// A message as the clients see it; empty if its content was deleted.
  static Optional<WorkspaceMessageView> of(Message message, String orgId, String groupId) {
    return message
        .content()
        .map(
            content ->
                new WorkspaceMessageView(
                    message.op().toString(),
                    orgId,
                    groupId,
                    message.author().openName(),
                    message.labels().get(WorkspaceFrame.RECIPIENT),
                    content,
                    message.postedAt()));
  }
}
