package dev.parley.server.compat.gochat;

import dev.parley.server.base.Ids;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.compat.gochat.GoChatMessage.ReactionView;
import dev.parley.server.compat.gochat.GoChatRoomRoutes.Done;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.message.Message;
import dev.parley.server.domain.message.MessageStore.Page;
import dev.parley.server.domain.message.Messages;
import dev.parley.server.domain.room.RoomLog.Outcome;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.RouteDraft;
import dev.parley.server.rest.http.Verb;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What is said in the third seed's rooms, and what becomes of it.
public final class GoChatMessageRoutes {
  private static final String MESSAGES = GoChatRoomRoutes.ROOM + "/messages";
  private static final String MESSAGE = MESSAGES + "/{message_id}";
  private static final String REACTIONS = MESSAGE + "/reactions";
  private static final int PAGE = 50;
  private static final int LONGEST_PAGE = 100;

  /// So many deleted messages in a row are passed over; beyond, a page may be short.
  private static final int STEPS = 100;

  private final GoChat chat;
  private final GoChatPeople people;
  private final Messages messages;
  private final Ids ids;

  public GoChatMessageRoutes(GoChat chat, GoChatPeople people, Messages messages, Ids ids) {
    this.chat = chat;
    this.people = people;
    this.messages = messages;
    this.ids = ids;
  }

  /// A message to be sent.
  record Post(
      @Nullable String content,
      @Nullable String messageType,
      @Nullable String fileUrl,
      @Nullable Long parentId) {}

  /// The new content of a message.
  record Edit(@Nullable String content) {}

  /// A reaction.
  record React(@Nullable String emoji) {}

  public void register(Api api) {
    route(api, Verb.GET, MESSAGES, "chatMessages", "A page of messages, newest first")
        .number("limit", "How many, 50 if absent, 100 at most")
        .number("before", "Only messages before this id")
        .givesList(200, GoChatMessage.class)
        .signedIn(this::list);
    route(api, Verb.POST, MESSAGES, "chatPost", "Says something")
        .takes(Post.class)
        .gives(201, GoChatMessage.class)
        .signedIn(this::post);
    route(api, Verb.GET, MESSAGE, "chatMessage", "One message")
        .gives(200, GoChatMessage.class)
        .signedIn((call, who) -> Answer.ok(view(enter(call, who), number(call))));
    route(api, Verb.PUT, MESSAGE, "chatEdit", "Replaces the content of your message")
        .takes(Edit.class)
        .gives(200, GoChatMessage.class)
        .signedIn(this::edit);
    route(api, Verb.PATCH, MESSAGE, "chatEditToo", "Replaces the content of your message")
        .takes(Edit.class)
        .gives(200, GoChatMessage.class)
        .signedIn(this::edit);
    route(api, Verb.DELETE, MESSAGE, "chatDelete", "Deletes your message")
        .gives(200, Done.class)
        .signedIn(this::delete);
    registerReactions(api);
  }

  private void registerReactions(Api api) {
    route(api, Verb.GET, REACTIONS, "chatReactions", "The reactions to a message")
        .givesList(200, ReactionView.class)
        .signedIn((call, who) -> Answer.ok(view(enter(call, who), number(call)).reactions()));
    route(api, Verb.POST, REACTIONS, "chatReact", "Adds your reaction")
        .takes(React.class)
        .gives(201, Done.class)
        .signedIn(this::react);
    route(api, Verb.DELETE, REACTIONS + "/{emoji}", "chatUnreact", "Takes your reaction back")
        .gives(200, Done.class)
        .signedIn(this::unreact);
  }

  private Answer list(Call call, Principal.Account who) {
    var room = enter(call, who);
    var before = positive(call, "before");
    return Answer.ok(views(room, page(room, before, limit(call))));
  }

  /// The newest messages before one, without those that were deleted.
  private List<Message> page(RoomAccess room, OptionalLong before, int limit) {
    var found = new ArrayList<Message>(limit);
    Page page =
        before.isPresent() ? new Page.Before(before.getAsLong(), limit) : new Page.Newest(limit);
    for (int step = 0; step < STEPS; step++) {
      var some = messages.history(room, page);
      some.stream()
          .filter(message -> message.content().isPresent())
          .limit(limit - found.size())
          .forEach(found::add);
      if (found.size() == limit || some.size() < page.limit()) {
        return found;
      }
      page = new Page.Before(some.getLast().messageId(), LONGEST_PAGE);
    }
    return found;
  }

  private Answer post(Call call, Principal.Account who) {
    var wish = GoChatErrors.body(call, Post.class);
    var room = enter(call, who);
    var content = GoChatContent.of(wish.content(), wish.messageType(), wish.fileUrl());
    var parent = wish.parentId() == null ? OptionalLong.empty() : OptionalLong.of(wish.parentId());
    long id = posted(messages.send(room, content.message(ids, who.username(), parent)));
    return Answer.created(view(room, id));
  }

  private static long posted(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Posted posted -> posted.event().messageId();
      case Outcome.Refused(var refusal) -> throw new RefusedException(refusal);
      case Outcome.Unknown() ->
          throw new OutageException(
              OutageException.Kind.UNKNOWN, "an append was not answered", new IOException());
    };
  }

  private Answer edit(Call call, Principal.Account who) {
    var content = GoChatErrors.body(call, Edit.class).content();
    var room = chat.member(who, call.path("room_id"));
    long message = number(call);
    messages.edit(room, message, content == null ? "" : content);
    return Answer.ok(view(room, message));
  }

  private Answer delete(Call call, Principal.Account who) {
    messages.delete(chat.member(who, call.path("room_id")), number(call));
    return Answer.ok(Done.SUCCESS);
  }

  private Answer react(Call call, Principal.Account who) {
    var emoji = GoChatErrors.body(call, React.class).emoji();
    messages.react(enter(call, who), number(call), emoji == null ? "" : emoji, true);
    return Answer.created(Done.SUCCESS);
  }

  private Answer unreact(Call call, Principal.Account who) {
    var room = chat.member(who, call.path("room_id"));
    messages.react(room, number(call), call.path("emoji"), false);
    return Answer.ok(Done.SUCCESS);
  }

  private GoChatMessage view(RoomAccess room, long id) {
    var message = messages.get(room, id);
    if (message.content().isEmpty()) {
      throw Refusal.notFound("Message not found");
    }
    return views(room, List.of(message)).getFirst();
  }

  private List<GoChatMessage> views(RoomAccess room, List<Message> found) {
    var users = people.met(room, found.stream().map(Message::author).toList());
    return found.stream().map(message -> GoChatMessage.of(message, users)).toList();
  }

  private RoomAccess enter(Call call, Principal.Account who) {
    return chat.enter(who, call.path("room_id"));
  }

  private static long number(Call call) {
    try {
      return call.messageId();
    } catch (RefusedException e) {
      throw Refusal.badRequest("Invalid message ID");
    }
  }

  /// What is no number, or none that makes sense, counts as absent.
  static int limit(Call call) {
    return (int) Math.min(positive(call, "limit").orElse(PAGE), LONGEST_PAGE);
  }

  private static OptionalLong positive(Call call, String name) {
    try {
      var number = call.number(name);
      return number.isPresent() && number.getAsLong() > 0 ? number : OptionalLong.empty();
    } catch (RefusedException e) {
      return OptionalLong.empty();
    }
  }

  private static RouteDraft route(
      Api api, Verb verb, String path, String operation, String summary) {
    return GoChatRoomRoutes.route(api, verb, path, operation, summary);
  }
}
