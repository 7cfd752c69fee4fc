package dev.parley.server.gateway;

import dev.parley.protocol.ClientCommand;
import dev.parley.protocol.ClientCommand.Ack;
import dev.parley.protocol.ClientCommand.Auth;
import dev.parley.protocol.ClientCommand.Hello;
import dev.parley.protocol.ClientCommand.Pong;
import dev.parley.protocol.CloseCode;
import dev.parley.protocol.CommandCodec;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.EventCodec;
import dev.parley.protocol.MalformedFrameException;
import dev.parley.protocol.ServerEvent;
import dev.parley.server.base.Limits;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.RoomId;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.domain.presence.Circle;
import dev.parley.server.domain.room.Inbox;
import dev.parley.server.domain.room.InboxEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One client that speaks `parley.v1`: opens with `hello`, is brought up to date, and then hears
/// and says things live.
final class NativeSession implements Session {
  private static final Duration EXPIRY_NOTICE = Duration.ofSeconds(60);
  private static final long RETRY_MIN_MS = 300;
  private static final long RETRY_MAX_MS = 20_000;
  private static final int USER_EVENTS = 500;

  /// So many events of the user's own log are replayed; beyond, the whole inbox says it better.
  private static final int USER_REPLAY = 10_000;

  private static final String OTHER_USER =
      "the token is another user's; open another connection for them";

  /// How far the session is. `SILENT`: nobody has said who they are. `OPENING`: the rooms of the
  /// hello are being replayed. `OPEN`: `live` was sent. `FAILED`: could not be opened; whatever
  /// else came on this connection is sent again on another one, so nothing of it may be done here,
  /// least of all a part.
  private enum Stage {
    SILENT,
    OPENING,
    OPEN,
    FAILED
  }

  private final NativeServices services;
  private final Connection connection;
  private final OpenRooms rooms;
  private final CommandRouter router;
  private final Set<RoomId> replaying = new HashSet<>(4);
  private final Map<String, Long> replayed = new LinkedHashMap<>(4);
  private Stage stage = Stage.SILENT;
  private long me;
  private boolean toldOfExpiry;

  NativeSession(NativeServices services, Connection connection) {
    this.services = services;
    this.connection = connection;
    this.rooms = new OpenRooms(connection);
    this.router = new CommandRouter(services, connection, rooms);
  }

  @Override
  public String dialect() {
    return "native";
  }

  @Override
  public void opened() {
    connection.alarm(services.times().auth());
  }

  @Override
  public void text(String frame) {
    var lines = frame.lines().filter(line -> !line.isBlank()).limit(Limits.LINES + 1L).toList();
    if (lines.size() > Limits.LINES) {
      connection.capped(GatewayMetrics.Cap.LINES);
      connection.close(CloseCode.POLICY, "too many commands in one frame");
      return;
    }
    for (var line : lines) {
      if (!connection.awaitReader() || !line(line)) {
        return;
      }
    }
  }

  /// Runs one command; whether the connection goes on.
  private boolean line(String text) {
    if (stage == Stage.FAILED) {
      return false;
    }
    long id = 0;
    try {
      var command = CommandCodec.decode(text);
      if (command.isPresent()) {
        id = command.get().id();
        run(command.get());
      }
    } catch (MalformedFrameException e) {
      if (e.unparsable()) {
        connection.close(CloseCode.BAD_FRAME, e.reason());
        return false;
      }
      say(new ServerEvent.Failure(e.id(), ErrorCode.BAD_REQUEST, e.reason(), null));
    } catch (RefusedException e) {
      say(Failures.of(id, e.refusal()));
    } catch (OutageException e) {
      say(Failures.of(id, e));
    } catch (RuntimeException e) {
      connection.defect(e);
      say(
          new ServerEvent.Failure(
              id, ErrorCode.INTERNAL, "something went wrong on our side", null));
    }
    return true;
  }

  private void run(ClientCommand command) {
    if (stage == Stage.SILENT && CommandPolicy.of(command) != CommandPolicy.BEFORE_HELLO) {
      throw Refusal.unauthorized("say hello first");
    }
    switch (command) {
      case ClientCommand.OnRoom onRoom -> router.route(onRoom);
      case Hello hello -> hello(hello);
      case Auth auth -> auth(auth);
      case Ack ack -> ack(ack);
      case Pong pong -> {
        if (pong.ack() != null && stage != Stage.SILENT) {
          ack(pong.ack());
        }
      }
    }
  }

  // ---- opening

  private void hello(Hello hello) {
    if (stage != Stage.SILENT) {
      throw Refusal.conflict("the session is open already; renew its token with auth");
    }
    var account = identify(hello);
    if (account.isEmpty()) {
      return;
    }
    try {
      begin(hello, account.get());
    } catch (OutageException e) {
      // Half of it has been said; a hello on another connection begins anew.
      stage = Stage.FAILED;
      say(Failures.of(hello.id(), e));
      connection.close(CloseCode.TRY_LATER, "the database is away");
    }
  }

  private void begin(Hello hello, Principal.Account account) {
    stage = Stage.OPENING;
    services.presence().enter(Circle.NATIVE, account.userId());
    var head = services.userLog().head(account.userId());
    me = head.pos();
    welcome(hello, account, new Cursor(head.epoch(), head.pos()));
    boolean told = replayMe(hello, account, head.epoch());
    // Whoever does not know which rooms they left gets the list of those that they are in.
    openRooms(hello, account, told ? Optional.ofNullable(hello.mark()) : Optional.empty());
    armTimer(account);
    liveIfReplayed();
  }

  /// Whoever the handshake or the hello proved; a bad token ends the connection.
  private Optional<Principal.Account> identify(Hello hello) {
    try {
      var account =
          hello.token() == null
              ? connection
                  .principal()
                  .map(Principal.Account.class::cast)
                  .orElseThrow(NativeSession::noToken)
              : services.authenticator().authenticate(hello.token());
      if (connection.principal().filter(known -> !sameUser(known, account)).isPresent()) {
        say(Failures.of(hello.id(), new Refusal.Forbidden(OTHER_USER)));
        connection.close(CloseCode.FORBIDDEN, "two users");
        return Optional.empty();
      }
      connection.identify(account);
      return Optional.of(account);
    } catch (RefusedException e) {
      say(Failures.of(hello.id(), e.refusal()));
      connection.close(CloseCode.AUTH, "not signed in");
      return Optional.empty();
    }
  }

  private static boolean sameUser(Principal one, Principal.Account other) {
    return one.userId().equals(other.userId());
  }

  private static RefusedException noToken() {
    return Refusal.unauthorized("hello needs a token");
  }

  private void welcome(Hello hello, Principal.Account account, Cursor cursor) {
    say(
        new ServerEvent.Welcome(
            hello.id(),
            services.ids().uuid().toString(),
            account.userId().value(),
            services.times().heartbeat().toMillis(),
            account.expiresAt(),
            Map.of(
                "content_bytes", (long) Limits.CONTENT_BYTES,
                "attachments", (long) Limits.ATTACHMENTS,
                "rooms", (long) Limits.SUBSCRIPTIONS,
                "page", (long) Limits.PAGE),
            RETRY_MIN_MS,
            RETRY_MAX_MS,
            cursor));
  }

  /// What happened in the user's own log since the client last looked, unless that is so much that
  /// the inbox says it better.
  ///
  /// @return whether the client has heard all of it
  private boolean replayMe(Hello hello, Principal.Account account, String epoch) {
    var cursor = hello.me();
    if (cursor == null || me - cursor.pos() > USER_REPLAY) {
      return false;
    }
    // A session that began before the log did knows no epoch of it.
    if (!cursor.epoch().isEmpty() && !cursor.epoch().equals(epoch)) {
      return false;
    }
    long told = cursor.pos();
    while (told < me) {
      var page = services.userLog().read(account.userId(), told, USER_EVENTS);
      if (page.isEmpty()) {
        break;
      }
      page.stream().filter(event -> event.pos() <= me).forEach(this::present);
      told = page.getLast().pos();
    }
    return true;
  }

  private void openRooms(Hello hello, Principal.Account account, Optional<String> mark) {
    var inbox = services.rooms().inbox(account.userId(), mark, Limits.SUBSCRIPTIONS);
    sayInbox(inbox);
    rooms.hold();
    var cursors = new HashMap<>(hello.rooms());
    for (var entry : inbox.entries()) {
      var cursor = Optional.ofNullable(cursors.remove(entry.room().id().toString()));
      openRoom(account, entry, cursor);
    }
    cursors.forEach((room, cursor) -> openOther(account, room, cursor));
    rooms.openHeld(all -> services.heads().heads(all, List.of(), List.of()).rooms());
  }

  private void sayInbox(Inbox inbox) {
    var lines = inbox.entries().stream().filter(InboxEntry::changed).map(OpenRooms::line).toList();
    say(new ServerEvent.Inbox(lines, inbox.mark(), inbox.truncated()));
  }

  private void openRoom(Principal.Account account, InboxEntry entry, Optional<Cursor> cursor) {
    var room = entry.room();
    services
        .accessControl()
        .room(account, room.id(), entry.standing())
        .ifPresent(access -> open(access, room.head().epoch(), room.head().pos(), cursor));
  }

  /// A room that the client has open and that is not in the inbox: a public one it merely looks
  /// into, or one it was sent away from.
  private void openOther(Principal.Account account, String roomId, Cursor cursor) {
    try {
      var access = services.accessControl().room(account, RoomId.of(roomId));
      var head = services.rooms().head(access);
      open(access, head.epoch(), head.pos(), Optional.of(cursor));
    } catch (RefusedException e) {
      say(new ServerEvent.Reset(roomId, cursor.epoch(), "access"));
    }
  }

  private void open(RoomAccess access, String epoch, long head, Optional<Cursor> cursor) {
    long after = head;
    if (cursor.isPresent()) {
      boolean known = cursor.get().epoch().equals(epoch) && cursor.get().pos() <= head;
      if (known) {
        after = cursor.get().pos();
        replaying.add(access.roomId());
      } else {
        say(new ServerEvent.Reset(access.roomId().toString(), epoch, "restore"));
      }
    }
    if (!rooms.open(access, after)) {
      replaying.remove(access.roomId());
      cursor.ifPresent(
          asked -> say(new ServerEvent.Reset(access.roomId().toString(), epoch, "quota")));
    }
  }

  @Override
  public void live(Subscription subscription) {
    var room = subscription.access().roomId();
    if (stage == Stage.OPENING && replaying.remove(room)) {
      replayed.put(room.toString(), subscription.pos());
      liveIfReplayed();
    } else if (stage == Stage.OPEN) {
      say(new ServerEvent.Live(null, Map.of(room.toString(), subscription.pos())));
    }
  }

  private void liveIfReplayed() {
    if (stage == Stage.OPENING && replaying.isEmpty()) {
      stage = Stage.OPEN;
      say(new ServerEvent.Live(me, Map.copyOf(replayed)));
      replayed.clear();
    }
  }

  // ---- the open session

  private void auth(Auth auth) {
    var before = account();
    var renewed = services.authenticator().authenticate(auth.token());
    if (!sameUser(before, renewed)) {
      throw Refusal.forbidden(OTHER_USER);
    }
    connection.identify(renewed);
    connection.lookAgain(Optional.empty());
    toldOfExpiry = false;
    armTimer(renewed);
    say(
        new ServerEvent.Ok(
            auth.id(), null, null, null, null, null, renewed.expiresAt(), false, false));
  }

  private void ack(Ack ack) {
    ack.rooms()
        .forEach(
            (room, pos) ->
                rooms
                    .find(RoomId.of(room))
                    .ifPresent(access -> services.deliveryMarks().add(access, pos)));
  }

  @Override
  public void userEvent(UserEvent event) {
    if (stage == Stage.SILENT || event.pos() <= me) {
      return;
    }
    if (event.pos() == me + 1) {
      take(event);
      return;
    }
    readMe(event.pos());
  }

  @Override
  public void userHead(long pos) {
    if (stage != Stage.SILENT) {
      readMe(pos);
    }
  }

  /// Takes what the user's own log has up to a position.
  private void readMe(long pos) {
    boolean found = true;
    while (me < pos && found) {
      var page = services.userLog().read(account().userId(), me, USER_EVENTS);
      page.forEach(this::take);
      found = !page.isEmpty();
    }
  }

  private void take(UserEvent event) {
    me = event.pos();
    present(event);
    if (event instanceof UserEvent.RoomJoined joined) {
      connection.attempt(() -> openJoined(joined));
    }
  }

  /// The client is told of the room as it stood when the membership began, and gets everything
  /// since.
  private void openJoined(UserEvent.RoomJoined joined) {
    try {
      var access = services.accessControl().room(account(), joined.room());
      if (!rooms.renew(access)) {
        rooms.open(access, services.rooms().get(access), joined.roomPos());
      }
    } catch (RefusedException e) {
      // Sent away again meanwhile; the log says so too.
    }
  }

  private void present(UserEvent event) {
    say(NativeDialect.present(event));
  }

  @Override
  public void behind(Subscription subscription) {
    var access = subscription.access();
    var head = services.rooms().head(access);
    say(new ServerEvent.Behind(access.roomId().toString(), head.pos(), head.seq()));
  }

  @Override
  public void fenced(Subscription subscription) {
    var room = subscription.access().roomId();
    var again = mayHear(room);
    rooms.forget(room);
    if (again.isPresent()) {
      // Sent away, and back already: goes on behind what it has.
      rooms.open(again.get(), subscription.pos());
      return;
    }
    replaying.remove(room);
    say(new ServerEvent.Reset(room.toString(), "", "access"));
    liveIfReplayed();
  }

  private Optional<RoomAccess> mayHear(RoomId room) {
    try {
      return Optional.of(services.accessControl().room(account(), room));
    } catch (RefusedException e) {
      return Optional.empty();
    }
  }

  @Override
  public void drain(long withinMillis) {
    say(new ServerEvent.Drain(withinMillis));
  }

  @Override
  public void closed(int code) {
    if (stage != Stage.SILENT) {
      services.presence().leave(Circle.NATIVE, account().userId());
    }
  }

  // ---- time

  @Override
  public void alarm() {
    if (stage == Stage.SILENT) {
      connection.close(CloseCode.AUTH_TIMEOUT, "no hello in time");
      return;
    }
    var account = account();
    var left = left(account.expiresAt());
    if (!left.isPositive()) {
      connection.close(CloseCode.AUTH, "the token has expired");
      return;
    }
    if (left.compareTo(EXPIRY_NOTICE) <= 0 && !toldOfExpiry) {
      toldOfExpiry = true;
      say(new ServerEvent.Expiring(left.toMillis()));
    }
    say(new ServerEvent.Ping());
    armTimer(account);
  }

  /// Next: the heartbeat, the notice before the token ends, or its end.
  private void armTimer(Principal.Account account) {
    var left = left(account.expiresAt());
    var next = toldOfExpiry ? left : left.minus(EXPIRY_NOTICE);
    var heartbeat = services.times().heartbeat();
    var earliest = next.compareTo(heartbeat) < 0 ? next : heartbeat;
    connection.alarm(earliest.isPositive() ? earliest : Duration.ofMillis(1));
  }

  private Duration left(Instant expiry) {
    return Duration.between(services.clock().instant(), expiry);
  }

  private Principal.Account account() {
    return connection
        .principal()
        .map(Principal.Account.class::cast)
        .orElseThrow(() -> Refusal.unauthorized("say hello first"));
  }

  private void say(ServerEvent event) {
    connection.send(EventCodec.encode(event));
  }
}
