package dev.parley.server.rest;

import dev.parley.server.base.Ids;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.domain.message.Message;
import dev.parley.server.domain.message.MessageStore.Page;
import dev.parley.server.domain.message.MessageStore.Version;
import dev.parley.server.domain.message.Messages;
import dev.parley.server.domain.message.NewMessage;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Dialect;
import dev.parley.server.rest.http.Verb;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What users write into rooms.
public final class MessageRoutes {
  private static final Dialect DIALECT = Dialect.ofNative("Messages");
  private static final String ROOM = "/api/v1/rooms/{room_id}";
  private static final String MESSAGES = ROOM + "/messages";
  private static final String MESSAGE = MESSAGES + "/{message_id}";
  private static final String REACTION = MESSAGE + "/reactions/{emoji}";
  private static final int PAGE = 50;

  private final Messages messages;
  private final Ids ids;

  public MessageRoutes(Messages messages, Ids ids) {
    this.messages = messages;
    this.ids = ids;
  }

  /// A message to be posted.
  record PostMessage(String content, @Nullable Long threadId, @Nullable List<String> attachments) {}

  /// Where a message stands.
  ///
  /// @param duplicate true if an earlier, equal request had posted it already
  record Posted(
      long messageId,
      long seq,
      long pos,
      UUID op,
      Instant timestamp,
      @Nullable Boolean duplicate) {}

  /// New content.
  record EditMessage(String content) {}

  /// A message as it stands now.
  record MessageView(
      long messageId,
      RoomId roomId,
      long seq,
      long pos,
      UserId userId,
      UUID op,
      @Nullable String content,
      boolean deleted,
      @Nullable Long threadId,
      List<String> attachments,
      Instant timestamp,
      @Nullable Instant editedAt,
      boolean pinned,
      List<ReactionView> reactions) {}

  /// One emoji and who chose it.
  record ReactionView(String emoji, List<UserId> users) {}

  /// A page of messages.
  record MessageList(List<MessageView> messages, boolean more) {}

  /// What a message said from a moment on.
  record VersionView(String content, Instant timestamp) {}

  /// What a message has said, oldest first.
  record VersionList(List<VersionView> versions) {}

  public void register(Api api) {
    api.route(DIALECT, Verb.POST, MESSAGES, "postMessage", "Posts a message")
        .takes(PostMessage.class)
        .header("Idempotency-Key", "A UUID; the same one again gets the same answer")
        .gives(201, Posted.class)
        .gives(200, Posted.class)
        .inRoom(Role.GUEST, this::post);
    api.route(
            DIALECT,
            Verb.GET,
            MESSAGES,
            "listMessages",
            "The history: newest first, or oldest first with `after` or `after_seq`")
        .number("before", "Only messages before this message_id")
        .number("after", "Only messages after this message_id")
        .number("before_seq", "Only messages before this seq")
        .number("after_seq", "Only messages after this seq")
        .number("limit", "How many, 50 if absent, 500 at most")
        .gives(200, MessageList.class)
        .mayLook(this::history);
    api.route(DIALECT, Verb.GET, MESSAGE, "getMessage", "One message")
        .gives(200, MessageView.class)
        .mayLook((call, room) -> Answer.ok(view(messages.get(room, call.messageId()))));
    api.route(DIALECT, Verb.PATCH, MESSAGE, "editMessage", "Replaces the content of your message")
        .takes(EditMessage.class)
        .gives(200, MessageView.class)
        .inRoom(Role.GUEST, this::edit);
    api.route(
            DIALECT,
            Verb.DELETE,
            MESSAGE,
            "deleteMessage",
            "Deletes the content for good: yours, or as a moderator anybody's")
        .givesNothing()
        .inRoom(Role.GUEST, this::delete);
    registerAround(api);
    registerMarks(api);
  }

  private void registerAround(Api api) {
    api.route(
            DIALECT,
            Verb.GET,
            MESSAGE + "/history",
            "getMessageHistory",
            "What a message has said, oldest first; nothing if it was deleted")
        .gives(200, VersionList.class)
        .mayLook((call, room) -> Answer.ok(versions(messages.versions(room, call.messageId()))));
    api.route(
            DIALECT,
            Verb.GET,
            MESSAGE + "/replies",
            "listReplies",
            "The messages under a message, oldest first")
        .number("after", "Only messages after this message_id")
        .number("limit", "How many, 50 if absent, 500 at most")
        .gives(200, MessageList.class)
        .mayLook(this::replies);
  }

  private void registerMarks(Api api) {
    api.route(DIALECT, Verb.PUT, REACTION, "react", "Adds your reaction")
        .givesNothing()
        .inRoom(Role.GUEST, (call, room) -> react(call, room, true));
    api.route(DIALECT, Verb.DELETE, REACTION, "unreact", "Takes your reaction back")
        .givesNothing()
        .inRoom(Role.GUEST, (call, room) -> react(call, room, false));
    api.route(DIALECT, Verb.PUT, MESSAGE + "/pin", "pin", "Pins a message")
        .givesNothing()
        .inRoom(Role.GUEST, (call, room) -> pin(call, room, true));
    api.route(DIALECT, Verb.DELETE, MESSAGE + "/pin", "unpin", "Unpins a message")
        .givesNothing()
        .inRoom(Role.GUEST, (call, room) -> pin(call, room, false));
    api.route(DIALECT, Verb.GET, ROOM + "/pins", "listPins", "Pinned messages, newest pin first")
        .gives(200, MessageList.class)
        .mayLook((_, room) -> Answer.ok(list(messages.pinned(room), Integer.MAX_VALUE)));
  }

  private Answer post(Call call, RoomAccess room) {
    var wish = call.body(PostMessage.class);
    var message =
        new NewMessage(
            call.idempotencyKey().orElseGet(ids::uuid),
            wish.content(),
            wish.threadId() == null ? OptionalLong.empty() : OptionalLong.of(wish.threadId()),
            wish.attachments() == null ? List.of() : wish.attachments());
    var posted = Outcomes.posted(messages.send(room, message));
    return Answer.json(posted.duplicate() ? 200 : 201, posted(posted.event(), posted.duplicate()));
  }

  private static Posted posted(MessagePosted event, boolean duplicate) {
    return new Posted(
        event.messageId(),
        event.seq(),
        event.pos(),
        event.op(),
        event.stamp().at(),
        duplicate ? Boolean.TRUE : null);
  }

  private Answer history(Call call, RoomAccess room) {
    int limit = call.limit(PAGE);
    return Answer.ok(list(messages.history(room, page(call, limit + 1)), limit));
  }

  private static Page page(Call call, int limit) {
    var pages = new ArrayList<Page>();
    call.number("before").ifPresent(id -> pages.add(new Page.Before(id, limit)));
    call.number("after").ifPresent(id -> pages.add(new Page.After(id, limit)));
    call.number("before_seq").ifPresent(seq -> pages.add(new Page.BeforeSeq(seq, limit)));
    call.number("after_seq").ifPresent(seq -> pages.add(new Page.AfterSeq(seq, limit)));
    if (pages.size() > 1) {
      throw Refusal.badRequest("only one of before, after, before_seq and after_seq");
    }
    return pages.isEmpty() ? new Page.Newest(limit) : pages.getFirst();
  }

  private Answer replies(Call call, RoomAccess room) {
    int limit = call.limit(PAGE);
    long thread = messages.get(room, call.messageId()).messageId();
    var page = new Page.Replies(thread, call.number("after").orElse(0), limit + 1);
    return Answer.ok(list(messages.history(room, page), limit));
  }

  private static VersionList versions(List<Version> found) {
    return new VersionList(
        found.stream().map(one -> new VersionView(one.content(), one.writtenAt())).toList());
  }

  private Answer edit(Call call, RoomAccess room) {
    messages.edit(room, call.messageId(), call.body(EditMessage.class).content());
    return Answer.ok(view(messages.get(room, call.messageId())));
  }

  private Answer delete(Call call, RoomAccess room) {
    messages.delete(room, call.messageId());
    return Answer.done();
  }

  private Answer react(Call call, RoomAccess room, boolean add) {
    messages.react(room, call.messageId(), call.path("emoji"), add);
    return Answer.done();
  }

  private Answer pin(Call call, RoomAccess room, boolean add) {
    messages.pin(room, call.messageId(), add);
    return Answer.done();
  }

  private static MessageList list(List<Message> found, int limit) {
    return new MessageList(
        found.stream().limit(limit).map(MessageRoutes::view).toList(), found.size() > limit);
  }

  static MessageView view(Message message) {
    return new MessageView(
        message.messageId(),
        message.room(),
        message.seq(),
        message.pos(),
        message.author(),
        message.op(),
        message.content().orElse(null),
        message.deletedAt().isPresent(),
        message.threadId().isPresent() ? message.threadId().getAsLong() : null,
        message.attachments(),
        message.postedAt(),
        message.editedAt().orElse(null),
        message.pinned(),
        message.reactions().stream()
            .map(reaction -> new ReactionView(reaction.emoji(), reaction.users()))
            .toList());
  }
}
