package dev.parley.server.app.config;

import static dev.parley.server.app.config.ConfigKey.*;

import dev.parley.server.gateway.SocketCaps;
import java.net.URI;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Builds the typed records out of settings, with the defaults, and holds production to its rules.
final class ConfigReader {
  /// Published in READMEs that people copy from.
  private static final Set<String> EXAMPLES =
      Set.of("your-secret-key", "your_super_strong_random_secret_key");

  private final Settings settings;
  private final ConfigValues values;
  private final Path home;
  private final boolean terminal;
  private final boolean production;

  ConfigReader(Settings settings, Path home, boolean terminal) {
    this.settings = settings;
    this.values = new ConfigValues(settings);
    this.home = home;
    this.terminal = terminal;
    this.production = profile() == Profile.PRODUCTION;
  }

  Config config() {
    var node = new NodeConfig(profile(), values.choice(PARLEY_ROLE, Role.class, Role.ALL), data());
    return new Config(
        node, server(), database(), redis(), auth(), compat(), limits(), conformance(), log());
  }

  private Profile profile() {
    return values.choice(PARLEY_PROFILE, Profile.class, Profile.DEV);
  }

  private Path data() {
    return values.path(PARLEY_DATA).orElseGet(() -> home.resolve("data").normalize());
  }

  private ServerConfig server() {
    return new ServerConfig(
        values.value(HOST, ConfigReader::host).orElse(production ? "0.0.0.0" : "127.0.0.1"),
        values.integer(PORT, 8080, 0, 65535),
        values.value(API_PORT, ConfigReader::portOrOff).orElse(OptionalInt.of(8081)),
        settings.find(API_PORT).isPresent(),
        tls(),
        values.list(TRUSTED_PROXIES, AddressRange::parse),
        origins(),
        values.value(METRICS_TOKEN, Secret::new));
  }

  private static String host(String text) {
    if (!text.matches("[A-Za-z0-9._:%\\[\\]-]+")) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  private static OptionalInt portOrOff(String text) {
    if (text.equalsIgnoreCase("off")) {
      return OptionalInt.empty();
    }
    int port = Integer.parseInt(text);
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException(text);
    }
    return OptionalInt.of(port);
  }

  private Optional<ServerConfig.Tls> tls() {
    var certificate = values.file(TLS_CERT);
    var key = values.file(TLS_KEY);
    if (certificate.isPresent() && key.isEmpty()) {
      throw ConfigException.missing(TLS_KEY, "TLS_CERT needs its private key");
    }
    if (key.isPresent() && certificate.isEmpty()) {
      throw ConfigException.missing(TLS_CERT, "TLS_KEY needs its certificate");
    }
    return certificate.flatMap(c -> key.map(k -> new ServerConfig.Tls(c, k)));
  }

  private Set<String> origins() {
    var origins = Set.copyOf(values.list(ALLOWED_ORIGINS, ConfigReader::origin));
    return origins.contains("*") ? Set.of() : origins;
  }

  private static String origin(String text) {
    if (text.equals("*")) {
      return text;
    }
    var uri = URI.create(text);
    if (uri.getScheme() == null || uri.getHost() == null || !uri.getRawPath().isEmpty()) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  private DatabaseConfig database() {
    int pool = values.integer(DB_POOL_SIZE, 10, 5, 500);
    var chosen = settings.first(DATABASE_URL, PG_HOST, PG_DB);
    if (chosen.isEmpty() && production) {
      throw ConfigException.missing(
          DATABASE_URL, "production needs a PostgreSQL (" + DATABASE_URL.allowed() + ")");
    }
    return chosen
        .<DatabaseConfig>map(setting -> new DatabaseConfig.External(databaseUrl(setting), pool))
        .orElseGet(() -> new DatabaseConfig.Embedded(data(), poolOfOurs()));
  }

  /// Our own server takes 60 connections, some of them for its administrator and the commands.
  private int poolOfOurs() {
    return values.integer(DB_POOL_SIZE, 10, 5, DatabaseConfig.Embedded.MAX_POOL);
  }

  private DatabaseUrl databaseUrl(Setting chosen) {
    if (chosen.key() == DATABASE_URL) {
      try {
        return DatabaseUrl.parse(chosen.value());
      } catch (IllegalArgumentException e) {
        throw ConfigException.bad(chosen, DATABASE_URL.allowed() + " [" + e.getMessage() + "]");
      }
    }
    var host = values.value(PG_HOST, ConfigReader::host).orElse("localhost");
    return new DatabaseUrl(
        host,
        values.integer(PG_PORT, DatabaseUrl.STANDARD_PORT, 1, 65535),
        values.text(PG_DB).orElse(PG_DB.standard()),
        values.text(PG_USER).orElse(PG_USER.standard()),
        values.value(PG_PASSWORD, Secret::new),
        Map.of());
  }

  private Optional<RedisConfig> redis() {
    return values.value(REDIS_URL, RedisConfig::parse);
  }

  private AuthConfig auth() {
    return new AuthConfig(
        secret(),
        publicKeys(),
        issuer(),
        values.text(JWT_AUDIENCE),
        values.duration(
            ACCESS_TOKEN_TTL, Duration.ofMinutes(15), Duration.ofSeconds(5), Duration.ofDays(7)),
        values.duration(
            REFRESH_TOKEN_TTL, Duration.ofDays(30), Duration.ofMinutes(1), Duration.ofDays(365)));
  }

  /// A key that may speak for any issuer is too much trust.
  private Optional<String> issuer() {
    var issuer = values.text(JWT_ISSUER);
    if (production && issuer.isEmpty() && settings.find(JWT_PUBLIC_KEY).isPresent()) {
      throw ConfigException.missing(
          JWT_ISSUER, "production needs to know whose tokens are good under JWT_PUBLIC_KEY");
    }
    return issuer;
  }

  private SigningSecret secret() {
    var chosen = settings.find(JWT_SECRET);
    if (chosen.isEmpty()) {
      if (production) {
        throw ConfigException.missing(
            JWT_SECRET,
            "production needs "
                + SigningSecret.MIN_BYTES
                + " bytes or more, for example from: openssl rand -base64 48");
      }
      return new SigningSecret.Kept(data().resolve("jwt-secret"));
    }
    var given = new SigningSecret.Given(new Secret(chosen.get().value()));
    if (production && (given.tooShort() || EXAMPLES.contains(given.text().reveal()))) {
      throw ConfigException.bad(chosen.get(), JWT_SECRET.allowed());
    }
    return given;
  }

  private List<PublicKey> publicKeys() {
    return settings
        .find(JWT_PUBLIC_KEY)
        .map(
            setting ->
                ConfigValues.parsed(setting, _ -> PublicKeys.parse(ConfigValues.pem(setting))))
        .orElse(List.of());
  }

  private CompatConfig compat() {
    return new CompatConfig(
        values.flag(COMPAT_OPEN, !production), values.flag(COMPAT_AUTO_CREATE, false));
  }

  private LimitsConfig limits() {
    return new LimitsConfig(
        values.bytes(MAX_MESSAGE_BYTES, 64 << 10, 1 << 10, 16 << 20),
        values.integer(MAX_FRAGMENTS, 1024, 1, 65536),
        new SocketCaps(
            values.integer(MAX_SOCKETS, 250_000, 1, 10_000_000),
            values.integer(MAX_SOCKETS_PER_ADDRESS, 50_000, 1, 10_000_000),
            values.integer(MAX_SOCKETS_PER_USER, 1_000, 1, 10_000_000)),
        values.duration(
            PING_INTERVAL, Duration.ofSeconds(25), Duration.ofSeconds(1), Duration.ofMinutes(10)),
        values.duration(
            AUTH_TIMEOUT, Duration.ofSeconds(5), Duration.ofMillis(100), Duration.ofMinutes(1)),
        values.rate(RATE_MESSAGES, perSecond(5_000, 50_000)),
        values.rate(RATE_REQUESTS, perSecond(2_000, 20_000)),
        values.rate(RATE_LOGINS, perSecond(20, 1_000)),
        values.rate(RATE_CONNECTS, perSecond(1_000, 20_000)),
        values.bytes(MAX_FILE_BYTES, 25 << 20, 1 << 10, 1 << 30),
        values.size(FILE_QUOTA, 10L << 30));
  }

  private static Rate perSecond(long permits, long burst) {
    return new Rate(permits, Duration.ofSeconds(1), burst);
  }

  private ConformanceConfig conformance() {
    return new ConformanceConfig(measuringOnly(CONFORMANCE_ECHO), measuringOnly(CONFORMANCE_BENCH));
  }

  private boolean measuringOnly(ConfigKey key) {
    boolean on = values.flag(key, false);
    if (on && production) {
      throw ConfigException.bad(settings.find(key).orElseThrow(), key.allowed());
    }
    return on;
  }

  private LogConfig log() {
    return new LogConfig(
        values.choice(
            LOG_FORMAT,
            LogConfig.Format.class,
            terminal ? LogConfig.Format.PRETTY : LogConfig.Format.JSON),
        values.choice(LOG_LEVEL, LogConfig.Level.class, LogConfig.Level.INFO));
  }
}
