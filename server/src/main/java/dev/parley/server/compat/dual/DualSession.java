package dev.parley.server.compat.dual;

import dev.parley.server.base.UserId;
import dev.parley.server.compat.Farewell;
import dev.parley.server.compat.Mailbox;
import dev.parley.server.compat.SilentPoster;
import dev.parley.server.compat.dual.DualFrame.Said;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.domain.room.Members.Words;
import dev.parley.server.gateway.Connection;
import dev.parley.server.gateway.Session;
import java.util.List;
import java.util.Optional;

/// One socket in a hub: is welcomed, is announced to everybody there, and speaks as whom its token
/// proved, whatever its frames claim.
final class DualSession implements Session {
  private static final String NOTHING = "null";

  private final Dual dual;
  private final Connection connection;
  private final SilentPoster poster;
  private final Dual.Place place;
  private final Mailbox mailbox;
  private final Farewell farewell;

  DualSession(
      Dual dual, Connection connection, Dual.Place place, Mailbox mailbox, Farewell farewell) {
    this.dual = dual;
    this.connection = connection;
    this.poster = new SilentPoster(dual.messages(), connection);
    this.place = place;
    this.mailbox = mailbox;
    this.farewell = farewell;
  }

  @Override
  public void opened() {
    farewell.awaitExpiry();
    connection.send(DualFrame.welcome(place.who()));
    connection.subscribe(place.access(), DualHubDialect.INSTANCE, place.after());
    poster.attempt(
        () -> {
          hear(mailbox.rooms());
          hear(mailbox.news());
          signal(new Words("join", NOTHING), Optional.empty(), true);
        });
  }

  @Override
  public void userEvent(UserEvent event) {
    poster.attempt(() -> hear(mailbox.news(event)));
  }

  @Override
  public void userHead(long pos) {
    poster.attempt(() -> hear(mailbox.news()));
  }

  @Override
  public void text(String frame) {
    Said.read(frame).ifPresent(said -> poster.attempt(() -> take(said)));
  }

  @Override
  public boolean takesBinary() {
    return true;
  }

  @Override
  public void drain(long withinMillis) {
    farewell.drain(withinMillis);
  }

  @Override
  public void alarm() {
    farewell.alarm();
  }

  /// The others hear of it when the last socket goes.
  @Override
  public void closed(int code) {
    var circle = place.hub().circle();
    var user = place.who().userId();
    dual.presence().leave(circle, user);
    if (!dual.presence().isHere(circle, user)) {
      signal(new Words("leave", NOTHING), Optional.empty(), false);
    }
  }

  /// Types that are not known are ignored, as they always were.
  private void take(Said said) {
    switch (said.kind()) {
      case "chat" -> post(said);
      case "private" -> said.target().ifPresent(target -> post(said, target));
      case "join", "leave" -> signal(new Words(said.kind(), said.json()), Optional.empty(), true);
      case "typing" -> signal(new Words("typing", said.json()), said.target(), false);
      default -> {
        // Such as "ping".
      }
    }
  }

  private void post(Said said) {
    poster.post(
        place.access(), dual.message(said.content(), said.labels(place.who(), place.hub())));
  }

  private void post(Said said, UserId target) {
    var message = dual.message(said.content(), said.labels(place.who(), place.hub()));
    dual.direct(place.who(), target).ifPresent(access -> poster.post(access, message));
  }

  private void signal(Words words, Optional<UserId> to, boolean echo) {
    dual.members().signal(place.access(), place.who(), words, to, echo);
  }

  private void hear(List<Mailbox.Place> places) {
    for (var direct : places) {
      var dialect = new DualDirectDialect(place.hub(), direct.own());
      connection.subscribe(direct.access(), dialect, direct.after());
    }
  }
}
