package dev.parley.server.domain.message;

import dev.parley.server.base.Limits;
import dev.parley.server.base.Names;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.AccessControl;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.access.RoomKind;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.domain.file.Files;
import dev.parley.server.domain.identity.Username;
import dev.parley.server.domain.room.RoomLog;
import dev.parley.server.domain.room.RoomLog.AppendListener;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

/// What one can do with messages.
public final class Messages {
  private static final Pattern MENTION = Pattern.compile("(?<![\\w@])@([\\p{L}\\p{N}_.-]{1,64})");
  private static final int MENTIONS_PER_MESSAGE = 50;

  private final RoomLog log;
  private final MessageStore store;
  private final AccessControl accessControl;
  private final Files files;
  private final MessagePace pace;
  private final EventBus bus;

  public Messages(
      RoomLog log,
      MessageStore store,
      AccessControl accessControl,
      Files files,
      MessagePace pace,
      EventBus bus) {
    this.log = log;
    this.store = store;
    this.accessControl = accessControl;
    this.files = files;
    this.pace = pace;
    this.bus = bus;
  }

  /// Posts a message and returns at once; the listener hears what became of it, once.
  public void send(RoomAccess access, NewMessage message, AppendListener listener) {
    pace.require(access.userId());
    append(access, message, listener);
  }

  /// The message that somebody posted before with the same op and content, although they may not
  /// post any more: what exists must not be called refused (C2).
  public Optional<MessagePosted> sentBefore(UserId sender, RoomId room, NewMessage message) {
    return log.find(room, sender, message.op())
        .filter(known -> known.content().map(message.content()::equals).orElse(true));
  }

  /// The same for a client that knows no errors: whoever writes too fast waits here.
  public void sendInTurn(RoomAccess access, NewMessage message, AppendListener listener) {
    pace.await(access.userId());
    append(access, message, listener);
  }

  private void append(RoomAccess access, NewMessage message, AppendListener listener) {
    // Clients of the open realm may send nothing, and the others of their room hear that.
    if (!access.userId().isOpen()) {
      message.requireContent();
    }
    log.append(draft(access.requireMember(), message), listener);
  }

  /// Posts a message and waits for the outcome.
  public RoomLog.Outcome send(RoomAccess access, NewMessage message) {
    var outcome = new CompletableFuture<RoomLog.Outcome>();
    send(access, message, outcome::complete);
    try {
      return outcome.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new RoomLog.Outcome.Unknown();
    } catch (ExecutionException e) {
      throw new AssertionError("the listener only completes normally", e);
    }
  }

  /// Posts a message as an admin of the organization, who need not be a member of the room; the
  /// listener hears what became of it, once.
  public void announce(RoomAccess access, NewMessage message, AppendListener listener) {
    if (!access.orgRole().atLeast(Role.ADMIN)) {
      throw Refusal.forbidden("only admins of the organization announce");
    }
    message.requireContent();
    pace.require(access.userId());
    log.append(draft(access, message, false), listener);
  }

  /// One message.
  public Message get(RoomAccess access, long messageId) {
    return store
        .find(access.orgId(), access.roomId(), messageId)
        .orElseThrow(() -> Refusal.notFound("no such message"));
  }

  /// A page of the history.
  public List<Message> history(RoomAccess access, MessageStore.Page page) {
    return history(access, page, Long.MAX_VALUE);
  }

  /// A page of the history, which ends early behind the message that brings it to so many bytes of
  /// content.
  public List<Message> history(RoomAccess access, MessageStore.Page page, long bytes) {
    return stillVisible(access, store.page(access.orgId(), access.roomId(), page, bytes));
  }

  /// What a message has said until now, oldest first; nothing if it was deleted.
  public List<MessageStore.Version> versions(RoomAccess access, long messageId) {
    get(access, messageId);
    var versions = store.versions(access.orgId(), access.roomId(), messageId, Limits.PAGE);
    if (!accessControl.holds(access)) {
      throw Refusal.notFound("no such room");
    }
    return versions;
  }

  /// The pinned messages, newest pin first.
  public List<Message> pinned(RoomAccess access) {
    return stillVisible(access, store.pinned(access.orgId(), access.roomId(), Limits.PAGE));
  }

  /// Replaces the content of one's own message.
  public void edit(RoomAccess access, long messageId, String content) {
    // The same rules as for a new message; the op plays no part in an edit.
    NewMessage.text(new UUID(0, 0), content).requireContent();
    pace.require(access.userId());
    store.edit(member(access), access.roomId(), access.userId(), messageId, content).publish(bus);
  }

  /// Deletes one's own message, or as a moderator anybody's.
  public void delete(RoomAccess access, long messageId) {
    store
        .delete(
            member(access), access.roomId(), access.userId(), messageId, access.has(Role.MODERATOR))
        .publish(bus);
  }

  /// Adds or takes back a reaction.
  public void react(RoomAccess access, long messageId, String emoji, boolean add) {
    var clean = Names.required("emoji", emoji, Limits.EMOJI_BYTES);
    if (Names.bytes(clean) > Limits.EMOJI_BYTES) {
      throw Refusal.badRequest("emoji must have at most " + Limits.EMOJI_BYTES + " bytes");
    }
    pace.require(access.userId());
    store
        .react(member(access), access.roomId(), access.userId(), messageId, clean, add)
        .publish(bus);
  }

  /// Pins or unpins a message: moderators, and anybody in a direct or group room.
  public void pin(RoomAccess access, long messageId, boolean add) {
    boolean amongEquals = access.kind() == RoomKind.DIRECT || access.kind() == RoomKind.GROUP;
    access.require(amongEquals ? Role.MEMBER : Role.MODERATOR);
    store.pin(member(access), access.roomId(), access.userId(), messageId, add).publish(bus);
  }

  private List<Message> stillVisible(RoomAccess access, List<Message> page) {
    if (!accessControl.holds(access)) {
      throw Refusal.notFound("no such room");
    }
    return page;
  }

  private RoomLog.Draft draft(RoomAccess access, NewMessage message) {
    boolean memberOnly = !access.userId().isOpen() || access.kind() == RoomKind.DIRECT;
    return draft(access, message, memberOnly);
  }

  private RoomLog.Draft draft(RoomAccess access, NewMessage message, boolean memberOnly) {
    requireThread(access, message);
    requireFiles(access, message);
    return new RoomLog.Draft(
        access.orgId(),
        access.roomId(),
        access.userId(),
        message.op(),
        message.content(),
        message.threadId(),
        message.attachments(),
        message.labels(),
        memberOnly,
        mentions(access, message.content()));
  }

  /// Messages never go, so what is there now is there at the commit.
  private void requireThread(RoomAccess access, NewMessage message) {
    var thread = message.threadId();
    if (thread.isPresent() && !store.exists(access.orgId(), access.roomId(), thread.getAsLong())) {
      throw Refusal.notFound("no such message to reply to");
    }
  }

  /// A message that is sent again keeps its answer, also if a file of it has gone since.
  private void requireFiles(RoomAccess access, NewMessage message) {
    try {
      files.requireAttachable(access, message.attachments());
    } catch (RefusedException e) {
      if (log.find(access.roomId(), access.userId(), message.op()).isEmpty()) {
        throw e;
      }
    }
  }

  private List<UserId> mentions(RoomAccess access, String content) {
    if (content.indexOf('@') < 0) {
      return List.of();
    }
    var names =
        MENTION
            .matcher(content)
            .results()
            .map(match -> Username.key(match.group(1)))
            .distinct()
            .limit(MENTIONS_PER_MESSAGE)
            .toList();
    return names.isEmpty() ? List.of() : store.membersNamed(access.orgId(), access.roomId(), names);
  }

  private static OrgId member(RoomAccess access) {
    return access.requireMember().orgId();
  }
}
