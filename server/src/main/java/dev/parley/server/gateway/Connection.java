package dev.parley.server.gateway;

import static dev.parley.server.base.Limits.FLOOD_BYTES;
import static dev.parley.server.base.Limits.STRANGER_BYTES;

import dev.parley.protocol.CloseCode;
import dev.parley.server.base.Limits;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.RoomId;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.event.EphemeralEvent.Received;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.gateway.GatewayMetrics.Cap;
import dev.parley.server.gateway.websocket.FrameEncoder;
import dev.parley.server.gateway.websocket.WebSocket;
import dev.parley.server.gateway.websocket.WebSocketListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One socket on this node: hands what comes in to its session, one at a time, and what goes out to
/// the socket, within bounds.
///
/// Fields are the event loop's own, unless they say otherwise. A connection that is quiet keeps no
/// queue.
public final class Connection implements WebSocketListener {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  /// So long a command waits for its client to read the answers of those before it.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final AtomicIntegerFieldUpdater<Connection> ANSWERED =
      AtomicIntegerFieldUpdater.newUpdater(Connection.class, "answered");

  /// How long after a look at a busy socket the next one follows.
  private static final Duration KERNEL = Duration.ofMillis(100);

  private final Gateway gateway;
  private final GatewayLoop loop;
  private final WebSocket socket;
  private final Seats.Row seat;
  private final Session session;
  private final SessionQueue queue;
  private final Subscriptions subscriptions = new Subscriptions();
  private @Nullable List<Runnable> whenWritable;

  /// Whoever waits for the client to read.
  private @Nullable CountDownLatch reader;

  private @Nullable List<Subscription> written;
  private boolean dirty;
  private boolean reaching;
  private boolean choked;
  private boolean finishing;

  /// Bytes of commands that came although the socket is not read.
  private int surplus;

  /// Bytes of answers since the client was last known to read; any thread.
  private volatile int answered;

  private volatile @Nullable Principal principal;
  private volatile boolean gone;

  Connection(
      Gateway gateway,
      GatewayLoop loop,
      WebSocket socket,
      Seats.Row seat,
      Optional<Principal> principal,
      Function<Connection, Session> session) {
    this.gateway = gateway;
    this.loop = loop;
    this.socket = socket;
    this.seat = seat;
    this.session = session.apply(this);
    this.queue = new SessionQueue(gateway.executor(), this::failed);
    principal.ifPresent(this::identify);
    gateway.metrics().opened(this.session.dialect());
    queue.add(this.session::opened);
  }

  // ---- any thread

  /// Who is connected; empty until a first frame said so.
  public Optional<Principal> principal() {
    return Optional.ofNullable(principal);
  }

  /// Says who is connected. From now on the session hears the user's own events. Called once, and
  /// again with the same user when the token is renewed.
  ///
  /// @throws IllegalArgumentException if another user was connected
  public void identify(Principal who) {
    var before = principal;
    if (before != null && !before.userId().equals(who.userId())) {
      throw new IllegalArgumentException("a connection is one user's");
    }
    principal = who;
    if (before == null) {
      gateway.users().add(who.userId(), this);
      if (who instanceof Principal.Account
          && gateway.users().of(who.userId()).size() > gateway.caps().perUser()) {
        refuseSeat();
      }
      if (gone) {
        gateway.users().remove(who.userId(), this);
      }
    }
  }

  /// The peer's address.
  public String remoteAddress() {
    return socket.remoteAddress();
  }

  /// Sends one JSON text. It is always queued: whoever answers at length asks [#awaitReader] before
  /// the next command.
  public void send(byte[] text) {
    ANSWERED.addAndGet(this, text.length);
    onLoop(
        () -> {
          write(text);
          flushLater();
        });
  }

  /// Waits until the client has read most of what it was answered, if that was much. Session's own
  /// thread.
  ///
  /// @return false if the client does not read, or the node stops; the connection ends then
  boolean awaitReader() {
    if (answered < Limits.ANSWER_BYTES) {
      return true;
    }
    answered = 0;
    var read = new CountDownLatch(1);
    onLoop(() -> tellReader(read));
    try {
      if (read.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        return true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    onLoop(() -> cap(Cap.ANSWERS, "the answers are not read"));
    return false;
  }

  /// Begins the closing handshake.
  public void close(CloseCode code, String reason) {
    onLoop(() -> socket.close(code, reason));
  }

  /// Ends the connection once the commands that came are run and the messages among them are
  /// answered; reads no more.
  void finish(CloseCode code, String reason) {
    onLoop(
        () -> {
          finishing = true;
          socket.reading(false);
        });
    later(() -> queue.whenSettled(() -> close(code, reason)));
  }

  /// Ends the connection because too many are open.
  void refuseSeat() {
    onLoop(() -> cap(Cap.SOCKETS, "too many sockets are open"));
  }

  /// Calls [Session#alarm] once, after this time or up to a second earlier; zero calls it off.
  public void alarm(Duration delay) {
    onLoop(() -> socket.alarm(delay));
  }

  /// Has the session called one after the other with everything else.
  public void later(Runnable task) {
    if (!queue.add(task)) {
      close(CloseCode.TRY_LATER, "too much is going on");
    }
  }

  /// Counts an append of this connection that has not been answered; too many of them make its
  /// commands wait.
  public void appendStarted() {
    queue.pause();
  }

  /// The answer has come.
  public void appendSettled() {
    queue.resume();
  }

  /// Hears a room from the event after a position; [Session#live] is called when nothing older is
  /// missing.
  public void subscribe(RoomAccess access, Dialect dialect, long after) {
    gateway.topics().enter(access.orgId(), access.roomId(), loop);
    var subscription = new Subscription(this, dialect, access, after);
    onLoop(
        () -> {
          if (add(subscription)) {
            catchUp(subscription);
            gateway.executor().execute(() -> lookAt(List.of(subscription)));
          }
        });
  }

  /// Hears many rooms at once. Where they stand is asked in one question, and only those that have
  /// gone on since are read from the log; so resuming costs by what happened and not by membership.
  ///
  /// @param heads where rooms stand; blocks
  void subscribe(
      List<Wish> wishes, Dialect dialect, Function<Collection<RoomId>, Map<RoomId, Long>> heads) {
    for (var wish : wishes) {
      gateway.topics().enter(wish.access().orgId(), wish.access().roomId(), loop);
    }
    onLoop(
        () -> {
          var added =
              wishes.stream()
                  .map(wish -> new Subscription(this, dialect, wish.access(), wish.after()))
                  .filter(this::add)
                  .toList();
          gateway
              .executor()
              .execute(
                  () -> {
                    begin(added, heads);
                    lookAt(added);
                  });
        });
  }

  /// A room to be heard from the event after a position.
  record Wish(RoomAccess access, long after) {}

  /// The loops know of the subscriptions already, so that nothing newer than the heads is missed.
  private void begin(
      List<Subscription> added, Function<Collection<RoomId>, Map<RoomId, Long>> heads) {
    attempt(
        () -> {
          var known = heads.apply(added.stream().map(one -> one.access().roomId()).toList());
          onLoop(() -> added.forEach(one -> begin(one, known.get(one.access().roomId()))));
        });
  }

  private void begin(Subscription subscription, @Nullable Long head) {
    if (subscription.state() != Subscription.State.CATCHING_UP) {
      return;
    }
    if (head != null && subscription.pos() >= head && goLive(subscription)) {
      sessionLive(subscription);
    } else {
      catchUp(subscription);
    }
  }

  /// Hears a room no more.
  public void unsubscribe(RoomId room) {
    onLoop(() -> subscriptions.find(room).ifPresent(this::end));
  }

  /// The client pulled a room up to a position and there was no more: what came since is sent, and
  /// then it is live again.
  void pulled(RoomId room, long pos) {
    onLoop(
        () ->
            subscriptions
                .find(room)
                .filter(subscription -> subscription.state() == Subscription.State.BEHIND)
                .ifPresent(
                    subscription -> {
                      subscription.pulledTo(pos);
                      catchUp(subscription);
                    }));
  }

  /// Asks again whether the user may hear the rooms that they only look into, because no event of a
  /// room tells when that ends (AccessReduced does, or the count of these that is compared once a
  /// second); hears those no more that they may not.
  ///
  /// @param org only its rooms; empty for all
  void lookAgain(Optional<OrgId> org) {
    onLoop(
        () -> {
          var looks =
              subscriptions.all().stream()
                  .filter(Subscription::onlyLooks)
                  .filter(one -> org.map(one.access().orgId()::equals).orElse(true))
                  .toList();
          if (!looks.isEmpty()) {
            gateway.executor().execute(() -> look(looks));
          }
        });
  }

  /// The right may have gone between the asking and the hearing, when nobody knew whom to tell.
  private void lookAt(List<Subscription> added) {
    look(added.stream().filter(Subscription::onlyLooks).toList());
  }

  /// One after the other, because a client can look into very many rooms; those that could not be
  /// asked for because the database is away are asked for later, and a defect lets nobody listen.
  private void look(List<Subscription> looks) {
    for (int i = 0; i < looks.size() && !gone; i++) {
      var subscription = looks.get(i);
      boolean holds = false;
      try {
        holds = gateway.accessControl().holds(subscription.access());
      } catch (OutageException e) {
        var rest = looks.subList(i, looks.size());
        gateway.executeLater(() -> look(rest));
        return;
      } catch (RuntimeException e) {
        defect(e);
      }
      if (!holds) {
        onLoop(() -> fence(subscription));
      }
    }
  }

  /// Whether the socket is gone.
  public boolean isGone() {
    return gone;
  }

  void userEvent(UserEvent event) {
    later(() -> attempt(() -> session.userEvent(event)));
  }

  void userHead(long pos) {
    later(() -> attempt(() -> session.userHead(pos)));
  }

  void drain(long withinMillis) {
    later(() -> session.drain(withinMillis));
  }

  void sessionLive(Subscription subscription) {
    later(() -> attempt(() -> session.live(subscription)));
  }

  /// Runs something of the session's, and once more later as long as the database is away.
  void attempt(Runnable task) {
    try {
      task.run();
    } catch (OutageException e) {
      LOG.debug("a session waits for the database: {}", e.getMessage());
      if (!gone) {
        gateway.executeLater(() -> later(() -> attempt(task)));
      }
    }
  }

  void onLoop(Runnable task) {
    if (loop.inLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  // ---- event loop: out

  /// Queues frames of events if there is room for them, and says whether.
  boolean offer(EncodedEvents.Encoding encoding, int from, int to) {
    var plain = encoding.plain(from, to);
    if (!hasRoomFor(plain.readableBytes())) {
      return false;
    }
    if (encoding.worthDeflating() && socket.inflates(plain.readableBytes())) {
      socket.write(encoding.deflated(socket.deflate(), from, to));
    } else {
      socket.write(plain);
    }
    loop.countDeliveries(to - from);
    flushLater();
    return true;
  }

  /// Queues frames that may be lost, if the socket is not busy.
  void offer(ByteBuf frames) {
    if (frames.isReadable() && socket.isWritable()) {
      socket.write(frames);
      loop.countAnswer();
      flushLater();
    }
  }

  /// A live subscription missed events: there is a hole, or the socket's queue is full.
  void lag(Subscription subscription, EncodedEvents batch) {
    boolean hole = subscription.pos() + 1 < batch.first();
    if (!hole && subscription.dialect().pulls()) {
      subscription.become(Subscription.State.BEHIND);
      gateway.metrics().behind();
      whenWritable(() -> later(() -> attempt(() -> session.behind(subscription))));
    } else {
      catchUp(subscription);
    }
  }

  /// A live subscription missed events that nothing else will tell it of.
  void missed(Subscription subscription) {
    catchUp(subscription);
  }

  /// The user hears nothing more of the room.
  void fence(Subscription subscription) {
    if (subscription.state() != Subscription.State.ENDED) {
      end(subscription);
      later(() -> attempt(() -> session.fenced(subscription)));
    }
  }

  /// Runs a task now, or when the socket has room again.
  void whenWritable(Runnable task) {
    if (socket.isWritable()) {
      task.run();
      return;
    }
    if (whenWritable == null) {
      whenWritable = new ArrayList<>(2);
    }
    whenWritable.add(task);
  }

  boolean goLive(Subscription subscription) {
    return loop.goLive(subscription.access().roomId(), subscription);
  }

  void flush() {
    dirty = false;
    if (socket.isOpen()) {
      socket.flush();
      reach();
    }
  }

  /// Events of a subscription with receipts were queued.
  void wrote(Subscription subscription) {
    if (written == null) {
      written = new ArrayList<>(1);
    }
    if (!written.contains(subscription)) {
      written.add(subscription);
    }
  }

  /// Tells the session what the kernel has taken; asks again in a moment if it has not yet.
  private void reach() {
    var subscriptionsWritten = written;
    if (subscriptionsWritten == null || !socket.isOpen()) {
      return;
    }
    if (socket.pendingBytes() > 0) {
      reachLater();
      return;
    }
    written = null;
    for (var subscription : subscriptionsWritten) {
      long first = subscription.reach();
      long last = subscription.pos();
      if (first <= last) {
        later(() -> session.reached(subscription, first, last));
      }
    }
  }

  private void reachLater() {
    if (!reaching) {
      reaching = true;
      loop.later(
          KERNEL,
          () -> {
            reaching = false;
            reach();
          });
    }
  }

  /// Something has reached another member of a room.
  void received(Received receipt) {
    later(() -> session.received(receipt));
  }

  private boolean hasRoomFor(int bytes) {
    long pending = socket.pendingBytes();
    return pending == 0 || pending + bytes <= Limits.OUTBOUND_BYTES;
  }

  private void write(byte[] text) {
    if (socket.pendingBytes() > Limits.PENDING_BYTES) {
      cap(Cap.PENDING, "nothing is read");
      return;
    }
    var frame = FrameEncoder.open(PooledByteBufAllocator.DEFAULT, text.length).writeBytes(text);
    FrameEncoder.sealText(frame);
    socket.write(frame);
    frame.release();
    loop.countAnswer();
  }

  /// Ends the connection because it reached a bound.
  private void cap(Cap cap, String reason) {
    if (socket.isOpen()) {
      gateway.metrics().capped(cap);
      socket.close(CloseCode.TRY_LATER, reason);
    }
  }

  /// Counts that a bound ends the connection.
  void capped(Cap cap) {
    gateway.metrics().capped(cap);
  }

  /// One command failed in a way that nobody expected; the connection goes on.
  void defect(Throwable cause) {
    LOG.error("a command failed", cause);
    gateway.metrics().defect();
  }

  private void flushLater() {
    if (!dirty) {
      dirty = true;
      loop.flushLater(this);
    }
  }

  // ---- event loop: subscriptions

  private boolean add(Subscription subscription) {
    var room = subscription.access().roomId();
    if (gone || subscriptions.find(room).isPresent()) {
      gateway.topics().exit(room, loop);
      return false;
    }
    subscriptions.add(subscription);
    loop.add(room, subscription);
    return true;
  }

  void catchUp(Subscription subscription) {
    subscription.become(Subscription.State.CATCHING_UP);
    gateway.metrics().catchUp();
    new CatchUp(gateway, this, subscription).start();
  }

  private void end(Subscription subscription) {
    if (subscription.state() == Subscription.State.ENDED) {
      return;
    }
    subscription.become(Subscription.State.ENDED);
    subscriptions.remove(subscription);
    var room = subscription.access().roomId();
    loop.remove(room, subscription);
    gateway.topics().exit(room, loop);
  }

  // ---- event loop: in

  @Override
  public void text(ByteBuf message) {
    loop.countFrame();
    int bytes = message.readableBytes();
    if (choked && (surplus += bytes) > (principal == null ? STRANGER_BYTES : FLOOD_BYTES)) {
      cap(Cap.COMMANDS, "too many commands at once");
      return;
    }
    var text = message.toString(StandardCharsets.UTF_8);
    if (!queue.add(bytes, () -> run(text))) {
      cap(Cap.COMMANDS, "too much is going on");
    }
    choke();
  }

  private void run(String text) {
    if (awaitReader()) {
      session.text(text);
    }
  }

  @Override
  public void binary(ByteBuf message) {
    if (session.takesBinary()) {
      text(message);
    } else {
      socket.close(CloseCode.BINARY, "only text is understood");
    }
  }

  @Override
  public void writable() {
    var tasks = whenWritable;
    whenWritable = null;
    if (tasks != null) {
      tasks.forEach(Runnable::run);
    }
    releaseReader();
  }

  private void tellReader(CountDownLatch read) {
    if (gone || socket.isWritable()) {
      read.countDown();
    } else {
      reader = read;
    }
  }

  private void releaseReader() {
    if (reader != null) {
      reader.countDown();
      reader = null;
    }
  }

  @Override
  public void alarm() {
    later(session::alarm);
  }

  @Override
  public void failed(Throwable cause) {
    LOG.error("a connection failed", cause);
    gateway.metrics().defect();
    close(CloseCode.BUG, "internal error");
  }

  @Override
  public void closed(int code) {
    gone = true;
    subscriptions.all().forEach(this::end);
    whenWritable = null;
    releaseReader();
    principal().ifPresent(who -> gateway.users().remove(who.userId(), this));
    gateway.forget(this, seat);
    gateway.metrics().closed(session.dialect(), code);
    queue.addLast(() -> session.closed(code));
  }

  /// Reads no more while too many commands wait; whoever does not read the answers to commands has
  /// them wait, see [#awaitReader]. Events that are not read are no reason: somebody who only
  /// speaks must be heard. Of somebody who has not said who they are it reads one command at a
  /// time.
  private void choke() {
    if (!choked && (principal == null || queue.isFull())) {
      choked = true;
      surplus = 0;
      socket.reading(false);
      unchokeWhenHalf();
    }
  }

  /// Never at once: the frames of the read that is under way are yet to come.
  private void unchokeWhenHalf() {
    queue.whenHalf(() -> loop.execute(this::unchoke));
  }

  private void unchoke() {
    if (!choked || finishing) {
      return;
    }
    if (queue.hasRoom()) {
      choked = false;
      socket.reading(true);
    } else {
      unchokeWhenHalf();
    }
  }
}
