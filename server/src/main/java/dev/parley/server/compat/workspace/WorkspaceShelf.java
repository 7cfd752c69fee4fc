package dev.parley.server.compat.workspace;

import dev.parley.server.base.Limits;
import dev.parley.server.base.Names;
import dev.parley.server.base.RefusedException;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.domain.message.HistoryCache;
import dev.parley.server.domain.message.HistoryCache.Line;
import dev.parley.server.domain.message.Message;
import dev.parley.server.domain.room.Room;
import dev.parley.server.domain.room.RoomLog.Head;
import dev.parley.server.rest.http.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The newest messages of one group in the cache, under the name that the first seed gave them.
///
/// Each line carries its place in the room's log. So a reader sees from the lines alone whether
/// they are right: they begin at the room's head as the database tells it, in the same history of
/// it, and none is missing between them. Where anything else happened in the room (an edit, a
/// deletion) the places have a gap, and the database answers.
final class WorkspaceShelf {
  private static final Json JSON = new Json();

  /// Longer messages are not kept here, so that all lines together fit into one answer.
  private static final int LONGEST = Limits.ANSWER_CONTENT / HistoryCache.LINES;

  private final HistoryCache cache;
  private final String name;
  private final String org;
  private final String group;
  private final String epoch;
  private final boolean usable;

  WorkspaceShelf(HistoryCache cache, Room room, String org, String group) {
    this.cache = cache;
    this.name = "messages:" + org + ":" + group;
    this.org = org;
    this.group = group;
    this.epoch = room.head().epoch();
    // Two pairs of such names could share one shelf.
    this.usable = org.indexOf(':') < 0 && group.indexOf(':') < 0;
  }

  /// A line: the place first, in sixteen digits, so that the lines of one second sort by it.
  record Entry(
      String pos,
      long seq,
      String epoch,
      String id,
      String orgId,
      String groupId,
      String clientId,
      @Nullable String recipientId,
      String content,
      Instant timestamp) {
    long place() {
      return Long.parseLong(pos);
    }

    WorkspaceMessageView view() {
      return new WorkspaceMessageView(
          id, orgId, groupId, clientId, recipientId, content, timestamp);
    }
  }

  /// Puts a message there that was just posted.
  void put(MessagePosted event) {
    if (usable && event.content().filter(WorkspaceShelf::isShort).isPresent()) {
      var entry =
          new Entry(
              place(event.pos()),
              event.seq(),
              epoch,
              event.op().toString(),
              org,
              group,
              event.actor().openName(),
              event.labels().get(WorkspaceFrame.RECIPIENT),
              event.content().get(),
              event.stamp().at());
      cache.put(name, List.of(line(entry)));
    }
  }

  /// Puts messages there that were read from the database.
  void fill(List<Message> messages) {
    var lines = new ArrayList<Line>();
    for (var message : messages) {
      message
          .content()
          .filter(WorkspaceShelf::isShort)
          .ifPresent(content -> lines.add(line(entry(message, content))));
    }
    if (usable && !lines.isEmpty()) {
      // Oldest first, so that of too many the newest are kept.
      cache.put(name, lines.reversed());
    }
  }

  /// The newest messages, newest first; empty if the shelf does not provably hold them.
  Optional<List<WorkspaceMessageView>> newest(Head head, int limit) {
    if (!usable || head.seq() == 0) {
      return Optional.empty();
    }
    var views = new ArrayList<WorkspaceMessageView>();
    long pos = head.pos();
    long seq = head.seq();
    for (var text : cache.newest(name, limit)) {
      var entry = read(text).filter(found -> found.epoch().equals(head.epoch()));
      if (entry.isEmpty() || entry.get().place() != pos || entry.get().seq() != seq) {
        return Optional.empty();
      }
      views.add(entry.get().view());
      pos--;
      seq--;
    }
    return views.size() == limit || seq == 0 ? Optional.of(views) : Optional.empty();
  }

  private Entry entry(Message message, String content) {
    return new Entry(
        place(message.pos()),
        message.seq(),
        epoch,
        message.op().toString(),
        org,
        group,
        message.author().openName(),
        message.labels().get(WorkspaceFrame.RECIPIENT),
        content,
        message.postedAt());
  }

  private static boolean isShort(String content) {
    return Names.bytes(content) <= LONGEST;
  }

  private static String place(long pos) {
    return String.format(Locale.ROOT, "%016d", pos);
  }

  private static Line line(Entry entry) {
    var text = new String(JSON.write(entry), StandardCharsets.UTF_8);
    return new Line(entry.timestamp().getEpochSecond(), text);
  }

  private static Optional<Entry> read(String text) {
    try {
      var entry = JSON.read(text.getBytes(StandardCharsets.UTF_8), Entry.class, false);
      return entry.place() > 0 ? Optional.of(entry) : Optional.empty();
    } catch (RefusedException | NumberFormatException e) {
      // Somebody else's line.
      return Optional.empty();
    }
  }
}
