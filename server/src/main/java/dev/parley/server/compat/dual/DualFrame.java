package dev.parley.server.compat.dual;

import dev.parley.server.base.RefusedException;
import dev.parley.server.base.Ulid;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.event.EphemeralEvent.Signal;
import dev.parley.server.domain.event.EphemeralEvent.Typing;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.rest.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The frames of the fourth seed: `{"type","sender_id","sender_name","target_id"?,"payload"}`.
///
/// A payload that is a text is the message's content as it is, so that others can read it; any
/// other JSON is kept as its text, and a label says so.
final class DualFrame {
  private static final Json JSON = new Json();
  private static final String NAME = "name";
  private static final String FORM = "form";
  private static final String FORM_JSON = "json";
  private static final String HUB = "hub";
  private static final String TARGET = "target";

  private DualFrame() {}

  /// What a client sends. The sender is ours to say.
  record Said(@Nullable String type, @Nullable String targetId, @Nullable JsonNode payload) {
    /// What a frame says; empty if it is no JSON object of this form.
    static Optional<Said> read(String frame) {
      try {
        return Optional.of(JSON.read(frame.getBytes(StandardCharsets.UTF_8), Said.class, false));
      } catch (RefusedException e) {
        return Optional.empty();
      }
    }

    String kind() {
      return type == null ? "" : type;
    }

    /// Whom it is for; empty if it names nobody that could be.
    Optional<UserId> target() {
      return targetId == null || targetId.isEmpty() ? Optional.empty() : user(targetId);
    }

    /// The payload as JSON.
    String json() {
      return payload == null ? "null" : text(payload);
    }

    /// What is kept as the message's content.
    String content() {
      return isPlain() ? String.valueOf(payload == null ? null : payload.stringValue()) : json();
    }

    /// What is kept with the message.
    Map<String, String> labels(Principal.Account sender, Hub hub) {
      var labels = new HashMap<String, String>();
      labels.put(NAME, sender.username());
      labels.put(HUB, hub.alias());
      target().ifPresent(user -> labels.put(TARGET, user.value()));
      if (!isPlain()) {
        labels.put(FORM, FORM_JSON);
      }
      return labels;
    }

    private boolean isPlain() {
      return payload != null && payload.isString() && !payload.stringValue().isBlank();
    }
  }

  /// The id in the form of these clients: a ULID, if it is a UUID.
  static String id(UserId user) {
    try {
      return Ulid.of(UUID.fromString(user.value()));
    } catch (IllegalArgumentException e) {
      return user.value();
    }
  }

  /// The first frame of a connection.
  static byte[] welcome(Principal.Account who) {
    var frame = new LinkedHashMap<String, Object>();
    frame.put("type", "welcome");
    frame.put("user_id", id(who.userId()));
    frame.put("user_name", who.username());
    frame.put("message", "Welcome!");
    return JSON.write(frame);
  }

  /// A message; empty if its content was deleted.
  static Optional<byte[]> of(MessagePosted message, String type) {
    return message.content().map(content -> bytes(message, type, content));
  }

  /// Something that is not kept.
  static byte[] of(Signal signal) {
    var frame = frame(signal.kind(), signal.user(), Optional.of(signal.username()));
    signal.to().ifPresent(target -> frame.put("target_id", id(target)));
    return bytes(frame, new Json.Raw(signal.payload()));
  }

  /// Somebody types who speaks another dialect.
  static byte[] of(Typing typing) {
    var frame = frame("typing", typing.user(), Optional.empty());
    return bytes(frame, Map.of("active", typing.active()));
  }

  /// Whether a direct message belongs to a hub; those that were not sent here belong to the chat.
  static boolean isOf(MessagePosted message, Hub hub) {
    return message.labels().getOrDefault(HUB, Hub.CHAT.alias()).equals(hub.alias());
  }

  private static byte[] bytes(MessagePosted message, String type, String content) {
    var labels = message.labels();
    var frame = frame(type, message.actor(), Optional.ofNullable(labels.get(NAME)));
    Optional.ofNullable(labels.get(TARGET))
        .ifPresent(target -> frame.put("target_id", id(new UserId(target))));
    frame.put("timestamp", message.stamp().at());
    frame.put("message_id", message.messageId());
    return bytes(frame, FORM_JSON.equals(labels.get(FORM)) ? new Json.Raw(content) : content);
  }

  private static Map<String, Object> frame(String type, UserId sender, Optional<String> name) {
    var frame = new LinkedHashMap<String, Object>();
    frame.put("type", type);
    frame.put("sender_id", id(sender));
    name.ifPresent(text -> frame.put("sender_name", text));
    return frame;
  }

  private static byte[] bytes(Map<String, Object> frame, Object payload) {
    frame.put("payload", payload);
    return JSON.write(frame);
  }

  private static String text(JsonNode node) {
    return new String(JSON.write(node), StandardCharsets.UTF_8);
  }

  private static Optional<UserId> user(String text) {
    try {
      return Optional.of(UserId.account(text));
    } catch (RefusedException e) {
      return text.length() <= 128 && !text.startsWith("open:")
          ? Optional.of(new UserId(text))
          : Optional.empty();
    }
  }
}
