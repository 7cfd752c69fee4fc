package dev.parley.server.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import dev.parley.server.adapter.files.DiskBlobStore;
import dev.parley.server.adapter.files.TikaTypeDetector;
import dev.parley.server.adapter.lucene.LuceneTextAnalyzer;
import dev.parley.server.adapter.memory.MemoryEventBus;
import dev.parley.server.adapter.memory.MemoryRateLimiter;
import dev.parley.server.adapter.password.Argon2Cost;
import dev.parley.server.adapter.password.Argon2PasswordHasher;
import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.adapter.postgres.PostgresFileStore;
import dev.parley.server.adapter.postgres.PostgresIdentityStore;
import dev.parley.server.adapter.postgres.PostgresMembershipLookup;
import dev.parley.server.adapter.postgres.PostgresMessageStore;
import dev.parley.server.adapter.postgres.PostgresNotificationStore;
import dev.parley.server.adapter.postgres.PostgresOrgStore;
import dev.parley.server.adapter.postgres.PostgresRoomLog;
import dev.parley.server.adapter.postgres.PostgresRoomStore;
import dev.parley.server.adapter.postgres.PostgresSearchStore;
import dev.parley.server.adapter.postgres.PostgresTaskStore;
import dev.parley.server.adapter.postgres.PostgresTicketStore;
import dev.parley.server.adapter.postgres.PostgresUserLog;
import dev.parley.server.adapter.telemetry.PrometheusTelemetry;
import dev.parley.server.adapter.token.JwtTokenIssuer;
import dev.parley.server.adapter.token.JwtTokenVerifier;
import dev.parley.server.adapter.token.OwnKey;
import dev.parley.server.adapter.token.TrustedKey;
import dev.parley.server.base.HealthCheck;
import dev.parley.server.base.Ids;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.Ticker;
import dev.parley.server.domain.access.AccessControl;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.domain.file.Files;
import dev.parley.server.domain.identity.Accounts;
import dev.parley.server.domain.identity.Admission;
import dev.parley.server.domain.identity.Devices;
import dev.parley.server.domain.identity.Passwords;
import dev.parley.server.domain.identity.Tickets;
import dev.parley.server.domain.identity.TokenLifetimes;
import dev.parley.server.domain.identity.Tokens;
import dev.parley.server.domain.identity.Username;
import dev.parley.server.domain.limit.Pace;
import dev.parley.server.domain.limit.RateLimit;
import dev.parley.server.domain.message.MessagePace;
import dev.parley.server.domain.message.Messages;
import dev.parley.server.domain.notify.Notifications;
import dev.parley.server.domain.org.Organizations;
import dev.parley.server.domain.room.Members;
import dev.parley.server.domain.room.Rooms;
import dev.parley.server.domain.room.TypingSignals;
import dev.parley.server.domain.search.Indexing;
import dev.parley.server.domain.search.Search;
import dev.parley.server.domain.task.Tasks;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Guards;
import dev.parley.server.rest.http.HttpConfig;
import dev.parley.server.rest.http.HttpFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// All native routes over real HTTP, on the real use cases and a real PostgreSQL. Every answer is
/// held against the API description.
final class RestFixture implements AutoCloseable {
  static final int FILE_BYTES = 1 << 20;
  static final int QUOTA = 3 << 20;

  /// With this secret another issuer signs.
  private static final byte[] FOREIGN = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);

  final Api api;
  final Files.Shelf shelf;
  final Indexing indexing;
  final Path folder = folder();
  final Counter heard = new Counter();
  private final MemoryEventBus bus = new MemoryEventBus();
  final AtomicBoolean databaseUp = new AtomicBoolean(true);
  final Ids ids = new Ids(InstantSource.system(), new SecureRandom());
  private final PrometheusTelemetry telemetry = new PrometheusTelemetry();
  final Tickets tickets;
  final Feeds feeds;
  final FeedSources feedSources;
  private final Passwords passwords;
  private final PostgresRoomLog log;
  private final Health health;
  private final HttpFixture http;
  private final Contract contract;

  RestFixture(Database database) {
    this(database, Pace.UNLIMITED);
  }

  RestFixture(Database database, Pace requests) {
    var clock = InstantSource.system();
    bus.subscribe(heard);
    feeds = new Feeds(telemetry);
    bus.subscribe(feeds);
    var memberships = new PostgresMembershipLookup(database);
    var roomStore = new PostgresRoomStore(database, ids, clock);
    var orgStore = new PostgresOrgStore(database, ids, clock);
    log = new PostgresRoomLog(database, bus, clock, Telemetry.SILENT);
    var access = new AccessControl(memberships);
    var rooms = new Rooms(roomStore, log, memberships, access, bus, ids, clock);
    var limiter =
        new MemoryRateLimiter(
            Ticker.SYSTEM, 1_000, Map.of(RateLimit.REQUESTS, requests), telemetry);
    var members =
        new Members(
            roomStore,
            memberships,
            new TypingSignals(bus, Ticker.SYSTEM, (delay, task) -> {}),
            limiter,
            bus,
            ids,
            clock);
    var organizations = new Organizations(orgStore, bus, ids, clock);
    var key = new OwnKey(ids.secret(32));
    var identities = new PostgresIdentityStore(database);
    shelf =
        new Files.Shelf(
            new PostgresFileStore(database), new DiskBlobStore(folder, 0), new TikaTypeDetector());
    var files =
        new Files(shelf, access, new Files.FileLimits(FILE_BYTES, QUOTA), ids, clock, telemetry);
    var messages =
        new Messages(
            log,
            new PostgresMessageStore(database, clock),
            access,
            files,
            new MessagePace(limiter, time -> {}),
            bus);
    passwords =
        new Passwords(
            new Argon2PasswordHasher(new Argon2Cost(8, 1, 1), ids), 1, Ticker.SYSTEM, telemetry);
    var tokens =
        new Tokens(
            identities,
            new JwtTokenIssuer(key, ids, clock),
            TokenLifetimes.DEFAULT,
            limiter,
            bus,
            ids,
            clock);
    var accounts = new Accounts(identities, passwords, tokens, limiter, bus, ids, clock);
    var devices = new Devices(identities, bus, clock);
    var admission =
        new Admission(
            identities,
            new JwtTokenVerifier(key, List.of(TrustedKey.ofSecret(FOREIGN)), clock),
            ids,
            clock);
    tickets = new Tickets(new PostgresTicketStore(database), ids, clock);
    People people = name -> accounts.profile(new Username(name)).id();
    health = new Health(List.of(new Switch()), Ticker.SYSTEM);
    api = new Api(access);
    new HealthRoutes(health).register(api);
    new MetricsRoutes(telemetry::scrape, Optional.empty()).register(api);
    new PageRoutes("0.0.0").register(api);
    new AuthRoutes(accounts, tokens, devices, tickets).register(api);
    new OrgRoutes(organizations, people).register(api);
    new RoomRoutes(rooms, RestFixture::json).register(api);
    new MemberRoutes(members, access, people).register(api);
    var searchStore = new PostgresSearchStore(database);
    var words = new LuceneTextAnalyzer();
    indexing = new Indexing(searchStore, words, Ticker.SYSTEM, telemetry);
    new SearchRoutes(new Search(searchStore, words, Ticker.SYSTEM, telemetry)).register(api);
    new FileRoutes(files).register(api);
    new MessageRoutes(messages, ids).register(api);
    new BroadcastRoutes(rooms, messages, access, ids).register(api);
    new TaskRoutes(new Tasks(new PostgresTaskStore(database), ids, clock)).register(api);
    new NotificationRoutes(
            new Notifications(new PostgresNotificationStore(database)), RestFixture::json)
        .register(api);
    feedSources =
        new FeedSources(
            access,
            rooms,
            new PostgresUserLog(database),
            RestFixture::json,
            RestFixture::json,
            clock);
    new FeedRoutes(feeds, feedSources).register(api);
    http =
        new HttpFixture(
            HttpConfig.DEFAULT,
            api,
            new Guards(admission::admit, new RequestThrottle(limiter)),
            telemetry);
    contract = Contract.of(http.get("/openapi.json").body());
  }

  /// A user whom nobody has seen before.
  User user() {
    return User.signUp(this, "user-" + ids.uuid());
  }

  /// Somebody whose account another issuer keeps.
  User foreigner(String subject) {
    var soon = InstantSource.system().instant().plusSeconds(600).getEpochSecond();
    var claims = "{\"iss\":\"elsewhere\",\"sub\":\"%s\",\"exp\":%d}".formatted(subject, soon);
    try {
      var token = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(claims));
      token.sign(new MACSigner(FOREIGN));
      return new User(this, subject, subject, token.serialize(), "");
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  Contract contract() {
    return contract;
  }

  HttpFixture http() {
    return http;
  }

  /// Sends a request and holds the answer against the description.
  HttpResponse<String> send(HttpRequest.Builder request) {
    var response = http.send(request);
    contract.check(response);
    return response;
  }

  @Override
  public void close() throws InterruptedException {
    http.close();
    health.close();
    log.close();
    passwords.close();
    telemetry.close();
  }

  private static String json(UserEvent event) {
    return "{\"type\":\"%s\",\"me\":%d}".formatted(event.getClass().getSimpleName(), event.pos());
  }

  private static Path folder() {
    try {
      return java.nio.file.Files.createTempDirectory("parley-files");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String json(RoomEvent event) {
    return "{\"type\":\"%s\",\"pos\":%d,\"room_id\":\"%s\"}"
        .formatted(event.getClass().getSimpleName(), event.pos(), event.room());
  }

  /// A database that can be said to be away.
  private final class Switch implements HealthCheck {
    @Override
    public String name() {
      return "database";
    }

    @Override
    public boolean vital() {
      return true;
    }

    @Override
    public Result check() {
      return databaseUp.get() ? Result.healthy("") : Result.failing("away");
    }
  }

  /// Counts what was told.
  static final class Counter implements EventBus.Listener {
    final AtomicInteger told = new AtomicInteger();

    @Override
    public void onRoomEvents(RoomId room, List<RoomEvent> events) {
      told.addAndGet(events.size());
    }

    @Override
    public void onUserEvent(UserEvent event) {
      told.incrementAndGet();
    }

    @Override
    public void onEphemeral(EphemeralEvent event) {
      told.incrementAndGet();
    }
  }
}
