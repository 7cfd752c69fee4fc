package dev.parley.server.compat.messaging;

import dev.parley.server.base.Limits;
import dev.parley.server.base.Names;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.UserId;
import dev.parley.server.compat.OpenRealm;
import dev.parley.server.compat.SeedError;
import dev.parley.server.compat.messaging.MessagingFrame.Said;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.identity.Accounts;
import dev.parley.server.domain.identity.Profile;
import dev.parley.server.domain.message.Message;
import dev.parley.server.domain.message.MessageStore.Page;
import dev.parley.server.domain.presence.Presence;
import dev.parley.server.domain.room.ReceiptStore.Stretch;
import dev.parley.server.domain.room.RoomLog.Outcome;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Dialect;
import dev.parley.server.rest.http.Json;
import dev.parley.server.rest.http.RouteDraft;
import dev.parley.server.rest.http.Verb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The second seed's messages over HTTP. With a token its subject is who asks; without one, whoever
/// the request names.
public final class MessagingRoutes {
  private static final Dialect DIALECT =
      new Dialect("Messaging", SeedError::answer, false, true, false, Dialect.BODY_BYTES);
  private static final String MESSAGES = "/api/messages";
  private static final String ONLINE = "/api/online_users";
  private static final String SEND = "/api/send_message";
  private static final String ANONYMOUS = "anonymous";
  private static final String USER = "user_id";
  private static final int PAGE = 500;
  private static final int MOST = 5_000;
  private static final int MOST_ONLINE = 10_000;
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,14}");

  private final Messaging messaging;
  private final Presence presence;
  private final Accounts accounts;
  private final OpenRealm realm;

  public MessagingRoutes(
      Messaging messaging, Presence presence, Accounts accounts, OpenRealm realm) {
    this.messaging = messaging;
    this.presence = presence;
    this.accounts = accounts;
    this.realm = realm;
  }

  /// A message of the history, oldest first.
  ///
  /// @param status `sent`, or `delivered` once it has reached its receiver
  record MessageView(
      long id,
      String senderId,
      String receiverId,
      String content,
      String status,
      Instant createdAt,
      String senderName,
      String senderEmail,
      String receiverName,
      String receiverEmail) {}

  /// Somebody who is connected.
  ///
  /// @param id a number, if it is one, otherwise a text
  record OnlineUser(
      Json.Raw id, String userId, String name, String email, String role, boolean online) {}

  public void register(Api api) {
    messages(api, "listMessagesWith").signedIn((call, who) -> history(call, who));
    messages(api, "listOpenMessagesWith")
        .openRealm(realm.guard(call -> history(call, named(call, Optional.empty()))));
    online(api, "listOnlineUsers").signedIn((_, who) -> Answer.ok(online(who)));
    online(api, "listOpenOnlineUsers")
        .openRealm(realm.guard(_ -> Answer.ok(online(Messaging.open(ANONYMOUS)))));
    send(api, "sendMessageTo").signedIn((call, who) -> send(said(call), who));
    send(api, "sendOpenMessageTo").openRealm(realm.guard(this::sendOpen));
  }

  private static RouteDraft messages(Api api, String operation) {
    return api.route(DIALECT, Verb.GET, MESSAGES, operation, "What two people wrote, oldest first")
        .query("with", "The other one; required")
        .query(USER, "Who asks, without a token")
        .givesList(200, MessageView.class);
  }

  private static RouteDraft online(Api api, String operation) {
    return api.route(DIALECT, Verb.GET, ONLINE, operation, "Who is connected")
        .givesList(200, OnlineUser.class);
  }

  private static RouteDraft send(Api api, String operation) {
    return api.route(DIALECT, Verb.POST, SEND, operation, "Writes to somebody")
        .query(USER, "Who writes, without a token and without sender_id")
        .takes(Said.class)
        .gives(200, MessagingFrame.class);
  }

  // ---- the history

  private Answer history(Call call, Principal who) {
    var with =
        call.query("with").orElseThrow(() -> Refusal.badRequest("with query param required"));
    var other = Messaging.other(who, with);
    return Answer.ok(
        messaging.findDirect(who, other).map(access -> history(access, other)).orElse(List.of()));
  }

  /// Whoever reads their messages has received them.
  private List<MessageView> history(RoomAccess access, UserId other) {
    var page = page(access);
    if (page.stream().anyMatch(message -> message.author().equals(other))) {
      messaging
          .receipts()
          .receive(access, new Stretch(page.getFirst().pos(), page.getLast().pos()));
    }
    var toOther = messaging.receipts().received(access, other);
    var toMe = messaging.receipts().received(access, access.userId());
    var myName = nameOf(access.userId());
    var otherName = nameOf(other);
    return page.stream()
        .filter(message -> message.content().isPresent())
        .map(
            message ->
                message.author().equals(access.userId())
                    ? view(message, other, toOther, myName, otherName)
                    : view(message, access.userId(), toMe, otherName, myName))
        .toList();
  }

  /// The newest messages, oldest first, as far as they fit into one answer.
  private List<Message> page(RoomAccess access) {
    var all = new ArrayList<Message>();
    long room = Limits.ANSWER_CONTENT;
    Page next = new Page.Newest(PAGE);
    List<Message> page;
    do {
      page = messaging.messages().history(access, next, room);
      all.addAll(page);
      room -= page.stream().flatMap(one -> one.content().stream()).mapToLong(Names::bytes).sum();
      next = page.isEmpty() ? next : new Page.Before(page.getLast().messageId(), PAGE);
    } while (page.size() == PAGE && all.size() < MOST && room > 0);
    return all.reversed();
  }

  private static MessageView view(
      Message message,
      UserId receiver,
      List<Stretch> received,
      String senderName,
      String receiverName) {
    boolean own = message.author().equals(receiver);
    boolean arrived = own || received.stream().anyMatch(stretch -> stretch.has(message.pos()));
    return new MessageView(
        message.messageId(),
        message.author().openName(),
        receiver.openName(),
        message.content().orElse(""),
        arrived ? MessagingFrame.DELIVERED : MessagingFrame.SENT,
        message.postedAt(),
        senderName,
        "",
        receiverName,
        "");
  }

  // ---- who is there

  private List<OnlineUser> online(Principal who) {
    var online = new ArrayList<OnlineUser>();
    var after = Optional.<UserId>empty();
    List<UserId> page;
    do {
      page = presence.list(Messaging.circle(who), after, Limits.PAGE);
      var profiles = accounts.profiles(page.stream().filter(user -> !user.isOpen()).toList());
      page.forEach(user -> online.add(view(user, Optional.ofNullable(profiles.get(user)))));
      after = page.isEmpty() ? after : Optional.of(page.getLast());
    } while (page.size() == Limits.PAGE && online.size() < MOST_ONLINE);
    return online;
  }

  private static OnlineUser view(UserId user, Optional<Profile> profile) {
    var id = user.openName();
    boolean number = !user.isOpen() && NUMBER.matcher(id).matches();
    var json = number ? id : new String(new Json().write(id), StandardCharsets.UTF_8);
    return new OnlineUser(
        new Json.Raw(json),
        id,
        profile.map(Profile::username).orElse(id),
        "",
        user.isOpen() ? "guest" : "user",
        true);
  }

  private String nameOf(UserId user) {
    if (user.isOpen()) {
      return user.openName();
    }
    try {
      return accounts.profile(user).username();
    } catch (RefusedException e) {
      return user.value();
    }
  }

  // ---- writing

  private Answer sendOpen(Call call) {
    var said = said(call);
    return send(said, named(call, said.sender()));
  }

  private Answer send(Said said, Principal who) {
    var receiver = said.receiver().orElseThrow(MessagingRoutes::invalid);
    var other = Messaging.other(who, receiver);
    var access = messaging.direct(who, other);
    var outcome = messaging.messages().send(access, messaging.message(said.text()));
    var posted = requirePosted(outcome);
    var status =
        arrives(who, access, other, posted.event().pos())
            ? MessagingFrame.DELIVERED
            : MessagingFrame.SENT;
    return Answer.ok(MessagingFrame.of(posted.event(), other, status).orElseThrow());
  }

  private boolean arrives(Principal who, RoomAccess access, UserId other, long pos) {
    try {
      return other.equals(who.userId())
          || (presence.isConnected(Messaging.circle(who), other)
              && messaging.receipts().reaches(access, other, pos));
    } catch (OutageException e) {
      // It is kept; of its arrival nothing is known.
      return false;
    }
  }

  private static Outcome.Posted requirePosted(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Posted posted -> posted;
      case Outcome.Refused(var refusal) -> throw new RefusedException(refusal);
      case Outcome.Unknown() ->
          throw new OutageException(
              OutageException.Kind.UNKNOWN, "an append was not answered", new IOException());
    };
  }

  private static Principal.Open named(Call call, Optional<String> claimed) {
    return Messaging.open(claimed.or(() -> call.query(USER)).orElse(ANONYMOUS));
  }

  private static Said said(Call call) {
    try {
      return call.body(Said.class);
    } catch (RefusedException e) {
      throw invalid();
    }
  }

  private static RefusedException invalid() {
    return Refusal.badRequest("Invalid payload");
  }
}
