package dev.parley.server.adapter.postgres;

import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.room.RoomLog.AppendListener;
import dev.parley.server.domain.room.RoomLog.Draft;
import dev.parley.server.domain.room.RoomLog.Outcome;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A draft on its way through a lane, with whoever waits for its outcome.
record Append(Draft draft, AppendListener listener) {
  private static final Logger LOG = LoggerFactory.getLogger(Append.class);

  /// What makes two drafts the same message.
  record Key(RoomId room, UserId sender, UUID op) {}

  Key key() {
    return new Key(draft.room(), draft.sender(), draft.op());
  }

  /// Tells the listener; one that fails must not keep the answers of others back.
  void settle(Outcome outcome) {
    try {
      listener.settled(outcome);
    } catch (RuntimeException e) {
      LOG.error("a listener of an append failed", e);
    }
  }

  /// A 64-bit FNV-1a hash of everything that the sender wrote, to tell a retry from another message
  /// with the same op. Only the sender's own messages are compared, so it need not resist attacks.
  long bodyHash() {
    return bodyHash(draft);
  }

  /// The same of a draft that goes another way.
  static long bodyHash(Draft draft) {
    long hash = mix(0xcbf29ce484222325L, draft.content());
    for (var file : draft.attachments()) {
      hash = mix(hash ^ 1, file);
    }
    for (var label : new TreeMap<>(draft.labels()).entrySet()) {
      hash = mix(mix(hash ^ 2, label.getKey()), label.getValue());
    }
    return (hash ^ draft.threadId().orElse(0)) * 0x100000001b3L;
  }

  private static long mix(long hash, String text) {
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }
}
