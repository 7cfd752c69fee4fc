package dev.parley.server.rest;

import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.domain.notify.Notification;
import dev.parley.server.domain.notify.Notifications;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Dialect;
import dev.parley.server.rest.http.Json;
import dev.parley.server.rest.http.Verb;
import java.time.Instant;
import java.util.List;

/// What a person is to be shown, and how far they have seen it.
public final class NotificationRoutes {
  private static final Dialect DIALECT = Dialect.ofNative("Notifications");
  private static final String NOTIFICATIONS = "/api/v1/notifications";
  private static final int PAGE = 50;

  private final Notifications notifications;
  private final MineWriter writer;

  public NotificationRoutes(Notifications notifications, MineWriter writer) {
    this.notifications = notifications;
    this.writer = writer;
  }

  /// One notification.
  ///
  /// @param event as the socket tells it
  record NotificationView(long me, boolean seen, Instant at, Json.Raw event) {}

  /// A page of notifications.
  record NotificationList(
      List<NotificationView> notifications, long seenMe, int unread, boolean more) {}

  /// How far you have seen them.
  record MarkSeen(long me) {}

  public void register(Api api) {
    api.route(
            DIALECT,
            Verb.GET,
            NOTIFICATIONS,
            "listNotifications",
            "Your notifications, newest first")
        .number("before", "Only those before this place (`me`) in your own log")
        .number("limit", "How many, 50 if absent, 500 at most")
        .gives(200, NotificationList.class)
        .signedIn(this::list);
    api.route(
            DIALECT,
            Verb.POST,
            NOTIFICATIONS + "/seen",
            "markNotificationsSeen",
            "You have seen all up to this place in your own log; never goes back")
        .takes(MarkSeen.class)
        .givesNothing()
        .signedIn(this::see);
  }

  private Answer list(Call call, Principal.Account account) {
    int limit = call.limit(PAGE);
    var page = notifications.page(account.userId(), call.number("before"), limit);
    var seen = notifications.seen(account.userId());
    return Answer.ok(
        new NotificationList(
            page.stream().map(one -> view(one, seen.pos())).toList(),
            seen.pos(),
            seen.unread(),
            page.size() == limit));
  }

  private Answer see(Call call, Principal.Account account) {
    notifications.see(account.userId(), call.body(MarkSeen.class).me());
    return Answer.done();
  }

  private NotificationView view(Notification one, long seen) {
    UserEvent event = one.event();
    return new NotificationView(
        event.pos(), event.pos() <= seen, one.at(), new Json.Raw(writer.json(event)));
  }
}
