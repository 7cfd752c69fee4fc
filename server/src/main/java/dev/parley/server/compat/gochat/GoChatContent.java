package dev.parley.server.compat.gochat;

import dev.parley.server.base.Ids;
import dev.parley.server.base.Refusal;
import dev.parley.server.domain.message.NewMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What somebody says: a text, or a file with or without one.
///
/// @param type `text`, `image` or `file`
/// @param fileUrl where the file is; empty without one
record GoChatContent(String text, String type, String fileUrl) {
  static final String TEXT = "text";

  private static final String FILE = "file";
  private static final Set<String> TYPES = Set.of(TEXT, "image", FILE);
  private static final String TYPE_LABEL = "message_type";
  private static final String URL_LABEL = "file_url";
  private static final String NAME_LABEL = "username";

  /// @throws dev.parley.server.base.RefusedException bad_request for an unknown type
  static GoChatContent of(@Nullable String text, @Nullable String type, @Nullable String fileUrl) {
    var known = type == null || type.isEmpty() ? TEXT : type;
    if (!TYPES.contains(known)) {
      throw Refusal.badRequest("Invalid message type");
    }
    return new GoChatContent(text == null ? "" : text, known, fileUrl == null ? "" : fileUrl);
  }

  /// What was kept of it. A file that another kind of client attached has an address here too.
  static GoChatContent kept(String text, List<String> files, Map<String, String> labels) {
    var url = files.stream().findFirst().map(GoChatFileRoutes::url).orElse("");
    return new GoChatContent(
        text,
        labels.getOrDefault(TYPE_LABEL, url.isEmpty() ? TEXT : FILE),
        labels.getOrDefault(URL_LABEL, url));
  }

  /// The name under which a message was sent; empty for one that another kind of client sent.
  static String username(Map<String, String> labels) {
    return labels.getOrDefault(NAME_LABEL, "");
  }

  /// The message to be sent, with an op of our own: these clients do not know of any.
  NewMessage message(Ids ids, String username, OptionalLong parent) {
    var files = GoChatFileRoutes.file(fileUrl).stream().toList();
    return new NewMessage(ids.uuid(), shown(files), parent, files, labels(username));
  }

  /// A message that another server has taken, whose files are not ours.
  NewMessage imported(UUID op, String username) {
    return new NewMessage(op, shown(List.of()), OptionalLong.empty(), List.of(), labels(username));
  }

  /// Clients of other kinds know no addresses of files elsewhere, but they show what is written.
  private String shown(List<String> files) {
    return text.isBlank() && files.isEmpty() ? fileUrl : text;
  }

  private Map<String, String> labels(String username) {
    var labels = new HashMap<String, String>(4);
    labels.put(NAME_LABEL, username);
    if (!type.equals(TEXT)) {
      labels.put(TYPE_LABEL, type);
    }
    if (!fileUrl.isEmpty()) {
      labels.put(URL_LABEL, fileUrl);
    }
    return labels;
  }
}
