package dev.parley.server.compat.messaging;

import dev.parley.server.base.Limits;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.compat.Farewell;
import dev.parley.server.compat.Mailbox;
import dev.parley.server.compat.Partners;
import dev.parley.server.compat.SilentPoster;
import dev.parley.server.compat.messaging.MessagingFrame.Said;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.event.EphemeralEvent.Received;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.domain.presence.Presence;
import dev.parley.server.domain.room.ReceiptStore.Receipt;
import dev.parley.server.domain.room.ReceiptStore.Stretch;
import dev.parley.server.gateway.Connection;
import dev.parley.server.gateway.Session;
import dev.parley.server.gateway.Subscription;
import java.util.List;

/// One user's socket: hears what others write from now on, writes to them, and hears what of it
/// arrived, also of what was sent before.
final class MessagingSession implements Session {
  /// Stretches of receipts that are told at the start; the rest waits for the next connection.
  private static final int RECEIPTS = 1_000;

  private final Messaging messaging;
  private final Presence presence;
  private final Connection connection;
  private final SilentPoster poster;
  private final Seat seat;
  private final Farewell farewell;
  private final Partners partners;

  /// What was told because the store said so; the news of it may still be on its way to here.
  private List<Receipt> toldMeanwhile = List.of();

  MessagingSession(
      Messaging messaging, Presence presence, Connection connection, Seat seat, Farewell farewell) {
    this.messaging = messaging;
    this.presence = presence;
    this.connection = connection;
    this.poster = new SilentPoster(messaging.messages(), connection);
    this.seat = seat;
    this.farewell = farewell;
    this.partners = new Partners(partner -> messaging.direct(seat.who(), partner));
  }

  /// Who is connected.
  record Seat(Principal who, Mailbox mailbox) {}

  @Override
  public void opened() {
    farewell.awaitExpiry();
    poster.attempt(
        () -> {
          hear(seat.mailbox().rooms());
          hear(seat.mailbox().news());
          tellWhatArrivedMeanwhile();
        });
  }

  @Override
  public void userEvent(UserEvent event) {
    poster.attempt(() -> hearNews(seat.mailbox().news(event)));
  }

  @Override
  public void userHead(long pos) {
    poster.attempt(() -> hearNews(seat.mailbox().news()));
  }

  /// In a room that is new, something may have arrived before this session heard of the room.
  private void hearNews(List<Mailbox.Place> places) {
    hear(places);
    if (!places.isEmpty()) {
      tellWhatArrivedMeanwhile();
    }
  }

  @Override
  public void text(String frame) {
    Said.read(frame).ifPresent(said -> poster.attempt(() -> post(said)));
  }

  @Override
  public boolean takesBinary() {
    return true;
  }

  /// A message for this user went to the socket: it has arrived.
  @Override
  public void reached(Subscription subscription, long first, long last) {
    try {
      messaging.receipts().receive(subscription.access(), new Stretch(first, last));
    } catch (OutageException e) {
      // It stays "sent" until the history is read, which is less than the truth but not against it.
    }
  }

  /// Something of this user's arrived elsewhere.
  @Override
  public void received(Received receipt) {
    var stretch = new Stretch(receipt.first(), receipt.last());
    if (toldMeanwhile.stream().noneMatch(told -> holds(told, receipt.room(), stretch))) {
      poster.attempt(() -> tell(access(receipt.room()), receipt.user(), stretch));
    }
  }

  private static boolean holds(Receipt told, RoomId room, Stretch stretch) {
    return told.room().equals(room)
        && told.stretch().has(stretch.first())
        && told.stretch().has(stretch.last());
  }

  @Override
  public void drain(long withinMillis) {
    farewell.drain(withinMillis);
  }

  @Override
  public void alarm() {
    farewell.alarm();
  }

  @Override
  public void closed(int code) {
    presence.leave(Messaging.circle(seat.who()), user());
  }

  private UserId user() {
    return seat.who().userId();
  }

  private void hear(List<Mailbox.Place> places) {
    for (var place : places) {
      connection.subscribe(
          place.access(), new MessagingDialect(user(), place.own()), place.after());
    }
  }

  private void post(Said said) {
    var receiver = said.receiver();
    if (receiver.isPresent()) {
      var other = Messaging.other(seat.who(), receiver.get());
      poster.post(
          partners.access(other),
          messaging.message(said.text()),
          posted -> connection.later(() -> answer(posted, other)));
    }
  }

  /// Whoever is connected gets the message in a moment, and then the sender is told that. Until
  /// then, and for everybody else, it is only sent.
  private void answer(MessagePosted posted, UserId receiver) {
    if (receiver.equals(user())) {
      deliver(posted, receiver, MessagingFrame.DELIVERED);
    } else if (!presence.isConnected(Messaging.circle(seat.who()), receiver)) {
      deliver(posted, receiver, MessagingFrame.SENT);
    }
  }

  private void deliver(MessagePosted posted, UserId receiver, String status) {
    connection.send(MessagingFrame.delivery(posted.messageId(), receiver, status));
  }

  private void tellWhatArrivedMeanwhile() {
    toldMeanwhile = messaging.receipts().untold(messaging.org(seat.who()), user(), RECEIPTS);
    for (var receipt : toldMeanwhile) {
      tell(access(receipt.room()), receipt.by(), receipt.stretch());
    }
  }

  private void tell(RoomAccess access, UserId receiver, Stretch stretch) {
    long after = stretch.first() - 1;
    List<RoomEvent> page;
    do {
      page = messaging.rooms().events(access, after, Limits.PAGE);
      for (var event : page) {
        if (stretch.has(event.pos())
            && event instanceof MessagePosted posted
            && posted.actor().equals(user())) {
          deliver(posted, receiver, MessagingFrame.DELIVERED);
        }
      }
      after = page.isEmpty() ? after : page.getLast().pos();
    } while (!page.isEmpty() && after < stretch.last());
    messaging.receipts().told(access, stretch);
  }

  private RoomAccess access(RoomId room) {
    return messaging.accessControl().room(seat.who(), room);
  }
}
