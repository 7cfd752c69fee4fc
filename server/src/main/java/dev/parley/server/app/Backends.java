package dev.parley.server.app;

import dev.parley.server.adapter.files.DiskBlobStore;
import dev.parley.server.adapter.files.TikaTypeDetector;
import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.adapter.postgres.PostgresDirectoryUserStore;
import dev.parley.server.adapter.postgres.PostgresFileStore;
import dev.parley.server.adapter.postgres.PostgresHeadLookup;
import dev.parley.server.adapter.postgres.PostgresIdentityStore;
import dev.parley.server.adapter.postgres.PostgresLastSeenStore;
import dev.parley.server.adapter.postgres.PostgresMembershipLookup;
import dev.parley.server.adapter.postgres.PostgresMessageStore;
import dev.parley.server.adapter.postgres.PostgresNotificationStore;
import dev.parley.server.adapter.postgres.PostgresOrgStore;
import dev.parley.server.adapter.postgres.PostgresReceiptStore;
import dev.parley.server.adapter.postgres.PostgresReminderQueue;
import dev.parley.server.adapter.postgres.PostgresRoomLog;
import dev.parley.server.adapter.postgres.PostgresRoomStore;
import dev.parley.server.adapter.postgres.PostgresSearchStore;
import dev.parley.server.adapter.postgres.PostgresTaskStore;
import dev.parley.server.adapter.postgres.PostgresTicketStore;
import dev.parley.server.adapter.postgres.PostgresUserLog;
import dev.parley.server.app.config.Config;
import dev.parley.server.app.config.LimitsConfig;
import dev.parley.server.app.config.Rate;
import dev.parley.server.base.HealthCheck;
import dev.parley.server.domain.access.MembershipLookup;
import dev.parley.server.domain.directory.DirectoryUserStore;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.file.Files;
import dev.parley.server.domain.identity.IdentityStore;
import dev.parley.server.domain.identity.TicketStore;
import dev.parley.server.domain.limit.Pace;
import dev.parley.server.domain.limit.RateLimit;
import dev.parley.server.domain.limit.RateLimiter;
import dev.parley.server.domain.message.HistoryCache;
import dev.parley.server.domain.message.MessageStore;
import dev.parley.server.domain.notify.NotificationStore;
import dev.parley.server.domain.org.OrgStore;
import dev.parley.server.domain.presence.LastSeenStore;
import dev.parley.server.domain.presence.PresenceStore;
import dev.parley.server.domain.room.HeadLookup;
import dev.parley.server.domain.room.ReceiptStore;
import dev.parley.server.domain.room.RoomLog;
import dev.parley.server.domain.room.RoomStore;
import dev.parley.server.domain.room.UserLog;
import dev.parley.server.domain.search.SearchStore;
import dev.parley.server.domain.task.ReminderQueue;
import dev.parley.server.domain.task.TaskStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Everything that fulfils a port of the domain.
record Backends(
    EventBus bus,
    RateLimiter limiter,
    MembershipLookup memberships,
    IdentityStore identities,
    TicketStore tickets,
    OrgStore orgs,
    RoomStore rooms,
    MessageStore messages,
    Files.Shelf files,
    SearchStore search,
    UserLog userLog,
    TaskStore tasks,
    ReminderQueue reminders,
    DirectoryUserStore directory,
    NotificationStore notifications,
    RoomLog roomLog,
    PresenceStore presence,
    LastSeenStore lastSeen,
    ReceiptStore receipts,
    HeadLookup heads,
    HistoryCache history,
    BooleanSupplier busIsOpen,
    List<HealthCheck> health) {
  /// PostgreSQL for everything that lasts; for the rest Redis, or without it the twins of one node.
  static Backends of(Database database, Config config, Machine machine, Lifecycle lifecycle) {
    var between = BetweenNodes.of(config.redis(), machine, lifecycle);
    var bus = between.bus();
    var paces = paces(config.limits());
    var log = new PostgresRoomLog(database, bus, machine.clock(), machine.telemetry());
    lifecycle.started("the writer lanes", log);
    return new Backends(
        bus,
        between.limiter(paces),
        new PostgresMembershipLookup(database),
        new PostgresIdentityStore(database),
        new PostgresTicketStore(database),
        new PostgresOrgStore(database, machine.ids(), machine.clock()),
        new PostgresRoomStore(database, machine.ids(), machine.clock()),
        new PostgresMessageStore(database, machine.clock()),
        new Files.Shelf(
            new PostgresFileStore(database),
            new DiskBlobStore(config.node().data().resolve("files"), DiskBlobStore.RESERVE),
            new TikaTypeDetector()),
        new PostgresSearchStore(database),
        new PostgresUserLog(database),
        new PostgresTaskStore(database),
        new PostgresReminderQueue(database, machine.ids(), machine.clock()),
        new PostgresDirectoryUserStore(database),
        new PostgresNotificationStore(database),
        log,
        between.presence(),
        new PostgresLastSeenStore(database),
        new PostgresReceiptStore(database),
        new PostgresHeadLookup(database),
        between.history(),
        between.busIsOpen(),
        between.health());
  }

  private static Map<RateLimit, Pace> paces(LimitsConfig limits) {
    return Map.of(
        RateLimit.REQUESTS,
        pace(limits.requests()),
        RateLimit.MESSAGES,
        pace(limits.messages()),
        RateLimit.SIGN_IN_ADDRESS,
        pace(limits.logins()),
        RateLimit.CONNECTS,
        pace(limits.connects()));
  }

  private static Pace pace(Optional<Rate> chosen) {
    return chosen
        .map(rate -> new Pace(rate.burst(), rate.period().dividedBy(rate.permits())))
        .orElse(Pace.UNLIMITED);
  }
}
