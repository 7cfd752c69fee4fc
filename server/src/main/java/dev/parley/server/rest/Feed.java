package dev.parley.server.rest;

import dev.parley.server.base.Limits;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.RoomId;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.domain.room.Room;
import dev.parley.server.rest.http.EventSink;
import dev.parley.server.rest.http.EventStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// One event stream: the events of all rooms of one user, each room's in the order of its log
/// without a hole or repeat. What the bus says only wakes it; whatever is missing is read from the
/// log.
///
/// The stream's own thread runs everything but [#tell], which any thread may call.
final class Feed implements EventStream {
  /// News that wait. Beyond: the stream ends, and the client resumes by its last id.
  private static final int NEWS = 1_024;

  /// Sent together at most, in characters.
  private static final int PIECE = 64 * 1024;

  /// The client knows a room that it is in no more, but we do not know which.
  private static final String RESET_ALL = "{\"type\":\"reset\",\"reason\":\"access\"}";

  private static final Duration HEARTBEAT = Duration.ofSeconds(25);

  /// So often what the bus may have lost is looked for.
  private static final Duration RECHECK = HEARTBEAT.multipliedBy(4);

  /// Rooms of one stream. Beyond: they are not part of it.
  private static final int ROOMS = Limits.PAGE;

  private final Principal.Account account;
  private final Optional<FeedCursor> resumed;
  private final Runnable signedIn;
  private final FeedSources sources;
  private final Feeds feeds;
  private final BlockingQueue<News> news = new ArrayBlockingQueue<>(NEWS);
  private final FeedCursor cursor = new FeedCursor();
  private final Map<RoomId, Place> places = new HashMap<>();
  private Place me = new Place("", 0);
  private String mark = "";
  private volatile boolean overflown;

  /// @param signedIn refuses if the account's device was signed out meanwhile
  Feed(
      Principal.Account account,
      Optional<FeedCursor> resumed,
      Runnable signedIn,
      FeedSources sources,
      Feeds feeds) {
    this.account = account;
    this.resumed = resumed;
    this.signedIn = signedIn;
    this.sources = sources;
    this.feeds = feeds;
  }

  /// What a feed is told from outside.
  sealed interface News {
    /// Something was committed in a room.
    record Happened(RoomEvent event) implements News {}

    /// The user is in a room now.
    record Joined(RoomId room) implements News {}

    /// The user is in a room no more.
    record Left(RoomId room) implements News {}

    /// A room's log reaches to a position, and an event before it may never have been told.
    record Reached(RoomId room, long pos) implements News {}

    /// Something that is shown, or that was never told, was added to the user's own log.
    record Mine() implements News {}

    /// The device was signed out, or the server stops.
    record Over() implements News {}
  }

  /// Where a room's log was read to.
  private record Place(String epoch, long pos) {}

  Principal.Account account() {
    return account;
  }

  /// Tells the feed something; never blocks.
  void tell(News item) {
    if (!news.offer(item)) {
      overflown = true;
    }
  }

  @Override
  public void run(EventSink sink) throws InterruptedException {
    if (!feeds.enter(this)) {
      return;
    }
    try {
      // A sign-out before we entered was told to nobody.
      if (stillSignedIn() && sink.send("retry: 2000\n\n") && catchUp(sink)) {
        follow(sink);
      }
    } finally {
      feeds.exit(this, places.keySet());
    }
    if (overflown) {
      feeds.cut();
    }
  }

  private boolean stillSignedIn() {
    try {
      signedIn.run();
      return true;
    } catch (RefusedException e) {
      return false;
    }
  }

  private boolean catchUp(EventSink sink) throws InterruptedException {
    var inbox = sources.rooms().inbox(account.userId(), Optional.empty(), Limits.PAGE);
    mark = inbox.mark();
    enterMe();
    // All places first: an id that is sent in between must not lack a room.
    var anew = new ArrayList<Room>();
    for (var entry : inbox.entries()) {
      if (!enter(entry.room())) {
        anew.add(entry.room());
      }
    }
    if (resumed.isPresent()
        && resumed.get().mayKnowOthersThan(places.keySet())
        && !sink.send(frame(RESET_ALL))) {
      return false;
    }
    for (var room : anew) {
      if (!sink.send(reset(room.id(), room.head().epoch()))) {
        return false;
      }
    }
    for (var entry : inbox.entries()) {
      if (!behind(sink, entry.room())) {
        return false;
      }
    }
    // What was committed before the bus was listened to shows here.
    return recheck(sink) && sink.send(frame("{\"type\":\"live\"}"));
  }

  /// Finds what the bus did not tell.
  private boolean recheck(EventSink sink) throws InterruptedException {
    var inbox = sources.rooms().inbox(account.userId(), Optional.of(mark), Limits.PAGE);
    mark = inbox.mark();
    if (!mine(sink)) {
      return false;
    }
    for (var entry : inbox.entries()) {
      var room = entry.room();
      boolean open = places.containsKey(room.id()) ? behind(sink, room) : joined(sink, room.id());
      if (!open) {
        return false;
      }
    }
    return true;
  }

  /// Sets a room's place; false if the client must read the room anew, because its cursor does not
  /// know this history of it.
  private boolean enter(Room room) {
    var head = room.head();
    feeds.listen(this, room.id());
    var known = resumed.map(old -> old.pos(room.id(), head.epoch())).orElse(OptionalLong.empty());
    if (known.isPresent() && known.getAsLong() <= head.pos()) {
      move(room.id(), new Place(head.epoch(), known.getAsLong()));
      return true;
    }
    move(room.id(), new Place(head.epoch(), head.pos()));
    return resumed.isEmpty();
  }

  private boolean behind(EventSink sink, Room room) throws InterruptedException {
    var place = places.get(room.id());
    return place == null || room.head().pos() <= place.pos() || replay(sink, room.id());
  }

  private void follow(EventSink sink) throws InterruptedException {
    var checked = sources.clock().instant();
    while (!overflown) {
      var now = sources.clock().instant();
      if (Duration.between(checked, now).compareTo(RECHECK) >= 0) {
        checked = now;
        if (!recheck(sink)) {
          return;
        }
      }
      var left = Duration.between(now, account.expiresAt());
      if (!left.isPositive()) {
        return;
      }
      long wait = Math.min(left.toMillis(), HEARTBEAT.toMillis());
      var item = news.poll(wait, TimeUnit.MILLISECONDS);
      boolean open = item == null ? sink.send(":\n\n") : handle(sink, item);
      if (!open) {
        return;
      }
    }
  }

  private boolean handle(EventSink sink, News item) throws InterruptedException {
    return switch (item) {
      case News.Happened(var event) -> happened(sink, event);
      case News.Joined(var room) -> joined(sink, room);
      case News.Left(var room) -> left(sink, room);
      case News.Reached(var room, var pos) -> reached(sink, room, pos);
      case News.Mine() -> mine(sink);
      case News.Over() -> false;
    };
  }

  private boolean happened(EventSink sink, RoomEvent event) throws InterruptedException {
    var place = places.get(event.room());
    if (place == null || event.pos() <= place.pos()) {
      return true;
    }
    if (event.pos() > place.pos() + 1) {
      return replay(sink, event.room());
    }
    move(event.room(), new Place(place.epoch(), event.pos()));
    boolean open = sink.send(frame(sources.writer().json(event)));
    return open && (!isOwnLeave(event) || left(sink, event.room()));
  }

  /// The news of it may come later than what happens in the room afterwards, or never.
  private boolean isOwnLeave(RoomEvent event) {
    return event instanceof RoomEvent.MemberLeft left && left.member().equals(account.userId());
  }

  private boolean reached(EventSink sink, RoomId room, long pos) throws InterruptedException {
    var place = places.get(room);
    return place == null || pos <= place.pos() || replay(sink, room);
  }

  private boolean joined(EventSink sink, RoomId room) throws InterruptedException {
    if (places.containsKey(room) || places.size() >= ROOMS) {
      return true;
    }
    try {
      var found = sources.rooms().get(sources.access().room(account, room));
      feeds.listen(this, room);
      move(room, new Place(found.head().epoch(), found.head().pos()));
      return sink.send(reset(room, found.head().epoch()));
    } catch (RefusedException e) {
      // Already out again; the news of that is on its way.
      return true;
    }
  }

  private boolean left(EventSink sink, RoomId room) throws InterruptedException {
    var place = places.remove(room);
    if (place == null) {
      return true;
    }
    feeds.unlisten(this, room);
    cursor.remove(room);
    return sink.send(reset(room, place.epoch()));
  }

  /// Sends what is in the log after the room's place, in pages.
  private boolean replay(EventSink sink, RoomId room) throws InterruptedException {
    List<RoomEvent> page;
    do {
      page = page(room);
      if (!page.isEmpty() && !sendAll(sink, page)) {
        return false;
      }
    } while (page.size() == Limits.PAGE);
    return true;
  }

  private List<RoomEvent> page(RoomId room) throws InterruptedException {
    var place = places.get(room);
    if (place == null) {
      return List.of();
    }
    try {
      var access = sources.access().room(account, room).requireMember();
      return sources.rooms().events(access, place.pos(), Limits.PAGE);
    } catch (RefusedException e) {
      // Removed meanwhile: nothing more of this room, the news of that is on its way.
      return List.of();
    }
  }

  private boolean sendAll(EventSink sink, List<RoomEvent> events) throws InterruptedException {
    var piece = new StringBuilder();
    for (var event : events) {
      var place = places.get(event.room());
      if (place != null) {
        move(event.room(), new Place(place.epoch(), event.pos()));
        piece.append(frame(sources.writer().json(event)));
      }
      if (piece.length() > PIECE) {
        if (!sink.send(piece.toString())) {
          return false;
        }
        piece.setLength(0);
      }
    }
    return piece.isEmpty() || sink.send(piece.toString());
  }

  /// Sends what the user's own log has after its place, as far as it is shown.
  private boolean mine(EventSink sink) throws InterruptedException {
    List<UserEvent> page;
    do {
      page = sources.userLog().read(account.userId(), me.pos(), Limits.PAGE);
      for (var event : page) {
        moveMe(new Place(me.epoch(), event.pos()));
        if (!take(sink, event)) {
          return false;
        }
      }
    } while (page.size() == Limits.PAGE);
    return true;
  }

  /// Does what an event of the user's own log asks for; it may be an old one, or done already.
  private boolean take(EventSink sink, UserEvent event) throws InterruptedException {
    return switch (event) {
      case UserEvent.TaskDue _ -> sink.send(frame(sources.mineWriter().json(event)));
      case UserEvent.RoomJoined joined -> !isMember(joined.room()) || joined(sink, joined.room());
      case UserEvent.RoomLeft left -> isMember(left.room()) || left(sink, left.room());
      case UserEvent.ReadMoved _ -> true;
    };
  }

  private boolean isMember(RoomId room) {
    try {
      var _ = sources.access().room(account, room).requireMember();
      return true;
    } catch (RefusedException e) {
      return false;
    }
  }

  /// Sets the place in the user's own log: where the client was, or its end.
  private void enterMe() {
    var head = sources.userLog().head(account.userId());
    var known = resumed.map(old -> old.me(head.epoch())).orElse(OptionalLong.empty());
    boolean behind = known.isPresent() && known.getAsLong() <= head.pos();
    moveMe(new Place(head.epoch(), behind ? known.getAsLong() : head.pos()));
  }

  private void moveMe(Place place) {
    me = place;
    cursor.moveMe(place.epoch(), place.pos());
  }

  private void move(RoomId room, Place place) {
    places.put(room, place);
    cursor.move(room, place.epoch(), place.pos());
  }

  private String reset(RoomId room, String epoch) {
    return frame(
        "{\"type\":\"reset\",\"room_id\":\"%s\",\"epoch\":\"%s\",\"reason\":\"access\"}"
            .formatted(room, epoch));
  }

  private String frame(String json) {
    return "id: " + cursor.text() + "\ndata: " + json + "\n\n";
  }
}
