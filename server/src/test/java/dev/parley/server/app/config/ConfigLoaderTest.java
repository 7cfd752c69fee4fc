package dev.parley.server.app.config;

import static dev.parley.server.app.config.ConfigKey.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.server.gateway.SocketCaps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
  private static final String STRONG = "0123456789abcdef0123456789abcdef";

  @TempDir Path root;
  private Path folder;
  private Path home;

  @BeforeEach
  void makeFolders() throws IOException {
    folder = Files.createDirectory(root.resolve("work"));
    home = Files.createDirectory(root.resolve("home"));
  }

  private Config load(Map<String, String> environment) {
    return load(environment, Map.of());
  }

  private Config load(Map<String, String> environment, Map<ConfigKey, String> flags) {
    return new ConfigLoader(environment, folder, home, false).load(flags);
  }

  private DatabaseUrl database(Map<String, String> environment) {
    return ((DatabaseConfig.External) load(environment).database()).url();
  }

  private void dotenv(String text) throws IOException {
    Files.writeString(folder.resolve(".env"), text);
  }

  // Defaults.

  @Test
  void nothingIsNeeded() {
    assertThat(load(Map.of()))
        .isEqualTo(
            new Config(
                new NodeConfig(Profile.DEV, Role.ALL, home.resolve("data")),
                new ServerConfig(
                    "127.0.0.1",
                    8080,
                    OptionalInt.of(8081),
                    false,
                    Optional.empty(),
                    List.of(),
                    Set.of(),
                    Optional.empty()),
                new DatabaseConfig.Embedded(home.resolve("data"), 10),
                Optional.empty(),
                new AuthConfig(
                    new SigningSecret.Kept(home.resolve("data/jwt-secret")),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Duration.ofMinutes(15),
                    Duration.ofDays(30)),
                new CompatConfig(true, false),
                new LimitsConfig(
                    65536,
                    1024,
                    new SocketCaps(250_000, 50_000, 1_000),
                    Duration.ofSeconds(25),
                    Duration.ofSeconds(5),
                    Optional.of(new Rate(5_000, Duration.ofSeconds(1), 50_000)),
                    Optional.of(new Rate(2_000, Duration.ofSeconds(1), 20_000)),
                    Optional.of(new Rate(20, Duration.ofSeconds(1), 1_000)),
                    Optional.of(new Rate(1_000, Duration.ofSeconds(1), 20_000)),
                    25 << 20,
                    10L << 30),
                new ConformanceConfig(false, false),
                new LogConfig(LogConfig.Format.JSON, LogConfig.Level.INFO)));
  }

  @Test
  void aTerminalGetsPrettyLines() {
    var config = new ConfigLoader(Map.of(), folder, home, true).load(Map.of());
    assertThat(config.log().format()).isEqualTo(LogConfig.Format.PRETTY);
  }

  /// The words of the table are what holds: setting a key to its own default changes nothing.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "PARLEY_PROFILE",
        "PARLEY_ROLE",
        "PORT",
        "ALLOWED_ORIGINS",
        "DB_POOL_SIZE",
        "ACCESS_TOKEN_TTL",
        "REFRESH_TOKEN_TTL",
        "COMPAT_AUTO_CREATE",
        "MAX_MESSAGE_BYTES",
        "MAX_FRAGMENTS",
        "MAX_SOCKETS",
        "MAX_SOCKETS_PER_ADDRESS",
        "MAX_SOCKETS_PER_USER",
        "PING_INTERVAL",
        "AUTH_TIMEOUT",
        "RATE_MESSAGES",
        "RATE_REQUESTS",
        "RATE_LOGINS",
        "RATE_CONNECTS",
        "MAX_FILE_BYTES",
        "FILE_QUOTA",
        "CONFORMANCE_ECHO",
        "CONFORMANCE_BENCH",
        "LOG_LEVEL"
      })
  void theTableTellsTheDefault(String name) {
    assertThat(load(Map.of(name, valueOf(name).standard()))).isEqualTo(load(Map.of()));
  }

  /// No key is dead: each of them, set to something else, changes the configuration.
  @Test
  void everyKeyHasAnEffect() throws Exception {
    var others = others();
    assertThat(others.keySet()).containsExactlyInAnyOrder(ConfigKey.values());
    others.forEach(
        (key, other) -> {
          var with = new HashMap<>(context(key));
          with.put(key.name(), other);
          assertThat(load(with)).describedAs("%s=%s", key, other).isNotEqualTo(load(context(key)));
        });
  }

  private Map<ConfigKey, String> others() throws Exception {
    var others = new EnumMap<ConfigKey, String>(ConfigKey.class);
    others.put(PARLEY_PROFILE, "production");
    others.put(PARLEY_ROLE, "api");
    others.put(PARLEY_DATA, "elsewhere");
    others.put(
        PARLEY_CONFIG,
        Files.writeString(folder.resolve("other.properties"), "PORT=7000").toString());
    others.put(HOST, "0.0.0.0");
    others.put(PORT, "9000");
    others.put(API_PORT, "off");
    others.put(TLS_CERT, Files.writeString(folder.resolve("cert2.pem"), "").toString());
    others.put(TLS_KEY, Files.writeString(folder.resolve("key2.pem"), "").toString());
    others.put(TRUSTED_PROXIES, "10.0.0.0/8, ::1");
    others.put(ALLOWED_ORIGINS, "https://chat.example,http://localhost:3000");
    others.put(METRICS_TOKEN, "secret");
    others.put(DATABASE_URL, "postgres://u:p@h/d");
    others.put(PG_HOST, "db");
    others.put(PG_PORT, "6000");
    others.put(PG_DB, "chat");
    others.put(PG_USER, "app");
    others.put(PG_PASSWORD, "secret");
    others.put(DB_POOL_SIZE, "20");
    others.put(REDIS_URL, "redis://localhost:6379");
    others.put(JWT_SECRET, "short");
    others.put(JWT_PUBLIC_KEY, pem("RSA", 2048));
    others.put(JWT_ISSUER, "your-auth-service");
    others.put(JWT_AUDIENCE, "chat");
    others.put(ACCESS_TOKEN_TTL, "1h");
    others.put(REFRESH_TOKEN_TTL, "7d");
    others.put(COMPAT_OPEN, "off");
    others.put(COMPAT_AUTO_CREATE, "on");
    others.put(MAX_MESSAGE_BYTES, "1MiB");
    others.put(MAX_FRAGMENTS, "16");
    others.put(MAX_SOCKETS, "100");
    others.put(MAX_SOCKETS_PER_ADDRESS, "50");
    others.put(MAX_SOCKETS_PER_USER, "5");
    others.put(PING_INTERVAL, "54s");
    others.put(MAX_FILE_BYTES, "2MiB");
    others.put(FILE_QUOTA, "off");
    others.put(AUTH_TIMEOUT, "500ms");
    others.put(RATE_MESSAGES, "off");
    others.put(RATE_REQUESTS, "10/s");
    others.put(RATE_LOGINS, "10/m:20");
    others.put(RATE_CONNECTS, "5/h");
    others.put(CONFORMANCE_ECHO, "on");
    others.put(CONFORMANCE_BENCH, "on");
    others.put(LOG_FORMAT, "pretty");
    others.put(LOG_LEVEL, "debug");
    return others;
  }

  /// What must be set beside `key` for it to matter.
  private Map<String, String> context(ConfigKey key) {
    try {
      return switch (key) {
        case TLS_CERT, TLS_KEY ->
            Map.of(
                "TLS_CERT", Files.writeString(folder.resolve("cert.pem"), "").toString(),
                "TLS_KEY", Files.writeString(folder.resolve("key.pem"), "").toString());
        case PG_PORT, PG_USER, PG_PASSWORD -> Map.of("PG_HOST", "localhost");
        case PARLEY_PROFILE -> Map.of("JWT_SECRET", STRONG, "DATABASE_URL", "postgres://u:p@h/d");
        default -> Map.of();
      };
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  // Who wins.

  @Test
  void commandLineThenEnvironmentThenDotenvThenFileThenDefault() throws IOException {
    Files.writeString(
        folder.resolve("parley.properties"), "PORT=1\nHOST=file\nMAX_FRAGMENTS=1\nDB_POOL_SIZE=11");
    dotenv("PORT=2\nHOST=dotenv\nMAX_FRAGMENTS=2");
    var config = load(Map.of("PORT", "3", "HOST", "environment"), Map.of(PORT, "4"));
    assertThat(config.server().port()).isEqualTo(4);
    assertThat(config.server().host()).isEqualTo("environment");
    assertThat(config.limits().fragments()).isEqualTo(2);
    assertThat(config.database().poolSize()).isEqualTo(11);
  }

  @ParameterizedTest
  @CsvSource({
    "PORT=1 SERVER_PORT=2 WS_PORT=3 APP_PORT=4, 1",
    "SERVER_PORT=2 WS_PORT=3 APP_PORT=4, 2",
    "WS_PORT=3 APP_PORT=4, 3",
    "APP_PORT=4, 4",
    "PORT= APP_PORT=4, 4",
    "API_PORT=5, 8080",
  })
  void theMainPortIsTheFirstSet(String variables, int port) {
    assertThat(load(variables(variables)).server().port()).isEqualTo(port);
  }

  private static Map<String, String> variables(String text) {
    var variables = new HashMap<String, String>();
    for (var variable : text.split(" ")) {
      var parts = variable.split("=", 2);
      variables.put(parts[0], parts[1]);
    }
    return variables;
  }

  @Test
  void anAliasInTheEnvironmentBeatsTheNameInDotenv() throws IOException {
    dotenv("PORT=1\nDATABASE_URL=postgres://u@dotenv/d");
    assertThat(load(Map.of("APP_PORT", "2")).server().port()).isEqualTo(2);
    assertThat(database(Map.of("PG_HOST", "environment")).host()).isEqualTo("environment");
  }

  @ParameterizedTest
  @CsvSource({
    "DATABASE_URL=postgres://u@a/d POSTGRES_DSN=postgres://u@b/d DB_URL=host=c PG_HOST=e, a",
    "POSTGRES_DSN=postgres://u@b/d DB_URL=host=c PG_HOST=e, b",
    "DB_URL=host=c PG_HOST=e, c",
    "PG_HOST=e, e",
    "PG_DB=chat, localhost",
  })
  void theDatabaseIsTheFirstSet(String variables, String host) {
    assertThat(database(variables(variables)).host()).isEqualTo(host);
  }

  @Test
  void portsAndPasswordsAloneDoNotChooseADatabase() {
    assertThat(load(Map.of("PG_PORT", "6000", "PG_PASSWORD", "x")).database())
        .isInstanceOf(DatabaseConfig.Embedded.class);
  }

  @Test
  void filesAreFoundInTheWorkingFolderThenAtHome() throws IOException {
    Files.writeString(home.resolve(".env"), "PORT=1\nPARLEY_DATA=mine");
    assertThat(load(Map.of()).server().port()).isEqualTo(1);
    assertThat(load(Map.of()).node().data()).isEqualTo(home.resolve("mine"));
    dotenv("PORT=2\nPARLEY_DATA=mine");
    assertThat(load(Map.of()).server().port()).isEqualTo(2);
    assertThat(load(Map.of()).node().data()).isEqualTo(folder.resolve("mine"));
  }

  @Test
  void theSecondPortIsLeftOutWhereItIsTheFirst() {
    assertThat(load(Map.of("PORT", "8081")).server().secondPort()).isEmpty();
    assertThat(load(Map.of("PORT", "9000")).server().secondPort()).hasValue(8081);
    assertThat(load(Map.of("PORT", "0", "API_PORT", "0")).server().secondPort()).hasValue(0);
    assertThat(load(Map.of("API_PORT", "off")).server().secondPort()).isEmpty();
    assertThat(load(Map.of("API_PORT", "8082")).server().apiPortChosen()).isTrue();
  }

  // Each seed's block, alone, in the words of its README.

  @Test
  void theBlockOfSeed000() throws IOException {
    dotenv(
        "APP_PORT=8080\nPG_HOST=localhost\nPG_DB=realtime_workspace\nREDIS_ADDR=localhost:6379\n");
    assertThat(load(Map.of()).server().port()).isEqualTo(8080);
    assertThat(database(Map.of()))
        .isEqualTo(
            new DatabaseUrl(
                "localhost", 5432, "realtime_workspace", "postgres", Optional.empty(), Map.of()));
    assertThat(load(Map.of()).redis()).contains(RedisConfig.parse("redis://localhost:6379"));
  }

  @Test
  void theBlockOfSeed002() throws IOException {
    dotenv(
        """
        export POSTGRES_DSN="postgres://user:pass@localhost:5432/chat_app?sslmode=disable"
        export REDIS_ADDR="localhost:6379"
        """);
    assertThat(database(Map.of()).host()).isEqualTo("localhost");
    assertThat(database(Map.of()).database()).isEqualTo("chat_app");
    assertThat(database(Map.of()).parameters()).containsOnly(Map.entry("sslmode", "disable"));
    assertThat(database(Map.of()).password()).contains(new Secret("pass"));
    assertThat(load(Map.of()).redis()).contains(RedisConfig.parse("redis://localhost:6379"));
  }

  @Test
  void theBlockOfSeed003() throws IOException {
    dotenv(
        """
        DATABASE_URL=postgres://user:password@host/gochat
        REDIS_URL=redis://localhost:6379
        JWT_SECRET=your-secret-key
        PORT=8080
        """);
    var config = load(Map.of());
    assertThat(database(Map.of()).host()).isEqualTo("host");
    assertThat(database(Map.of()).database()).isEqualTo("gochat");
    assertThat(config.auth().secret())
        .isEqualTo(new SigningSecret.Given(new Secret("your-secret-key")));
    assertThat(config.server().port()).isEqualTo(8080);
  }

  @Test
  void theBlockOfSeed004() throws IOException {
    dotenv(
        """
        # .env

        # Critical secret for signing JWT tokens. Must be identical for both servers.
        # Use a strong, randomly generated string.
        export JWT_SECRET='your_super_strong_random_secret_key'

        # PostgreSQL connection string
        export DB_URL='user=postgres password=mysecretpassword dbname=mydb sslmode=disable'

        # Ports for the two servers
        export API_PORT='8081'      # Port for the REST API server
        export SERVER_PORT='8080'   # Port for the WebSocket server
        """);
    var config = load(Map.of());
    assertThat(config.auth().secret())
        .isEqualTo(new SigningSecret.Given(new Secret("your_super_strong_random_secret_key")));
    assertThat(database(Map.of()).host()).isEqualTo("localhost");
    assertThat(database(Map.of()).database()).isEqualTo("mydb");
    assertThat(database(Map.of()).parameters()).containsOnly(Map.entry("sslmode", "disable"));
    assertThat(database(Map.of()).password()).contains(new Secret("mysecretpassword"));
    assertThat(config.server().port()).isEqualTo(8080);
    assertThat(config.server().secondPort()).hasValue(8081);
  }

  // Production.

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DATABASE_URL=postgres://u:p@h/d                              | JWT_SECRET is not set",
        "JWT_SECRET=short DATABASE_URL=postgres://u:p@h/d             | JWT_SECRET=*** (environment): allowed is",
        "JWT_SECRET=your_super_strong_random_secret_key PG_HOST=h     | JWT_SECRET=*** (environment): allowed is",
        "JWT_SECRET=0123456789abcdef0123456789abcdef                  | DATABASE_URL is not set",
        "JWT_SECRET=0123456789abcdef0123456789abcdef PG_HOST=h CONFORMANCE_ECHO=on | CONFORMANCE_ECHO=on (environment): allowed is",
      })
  void productionRefusesAndNamesTheVariable(String variables, String message) {
    var environment = variables(variables);
    environment.put("PARLEY_PROFILE", "production");
    assertThatThrownBy(() -> load(environment))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void productionKnowsWhoseTokensAreGood() throws Exception {
    var environment =
        new HashMap<>(Map.of("PARLEY_PROFILE", "production", "JWT_SECRET", STRONG, "PG_HOST", "h"));
    environment.put("JWT_PUBLIC_KEY", pem("RSA", 2048));
    assertThatThrownBy(() -> load(environment)).hasMessageStartingWith("JWT_ISSUER is not set");
    environment.put("JWT_ISSUER", "idp");
    assertThat(load(environment).auth().issuer()).contains("idp");
  }

  @Test
  void ourOwnDatabaseTakesFewerConnections() {
    assertThatThrownBy(() -> load(Map.of("DB_POOL_SIZE", "51")))
        .hasMessageStartingWith("DB_POOL_SIZE=51 (environment): allowed is");
    assertThat(load(Map.of("DB_POOL_SIZE", "51", "PG_HOST", "h")).database().poolSize())
        .isEqualTo(51);
  }

  @Test
  void productionIsClosedUnlessOpened() {
    var environment = Map.of("PARLEY_PROFILE", "production", "JWT_SECRET", STRONG, "PG_HOST", "h");
    var config = load(environment);
    assertThat(config.compat().open()).isFalse();
    assertThat(config.server().host()).isEqualTo("0.0.0.0");
    var opened = new HashMap<>(environment);
    opened.put("COMPAT_OPEN", "on");
    assertThat(load(opened).compat().open()).isTrue();
  }

  // What is refused.

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PORT          | 80a",
        "PORT          | -1",
        "PORT          | 65536",
        "PORT          | 99999999999",
        "API_PORT      | maybe",
        "HOST          | a b",
        "PARLEY_PROFILE | prod",
        "PARLEY_ROLE   | everything",
        "PARLEY_CONFIG | missing.properties",
        "TLS_CERT      | missing.pem",
        "TRUSTED_PROXIES | 10.0.0.0/99",
        "TRUSTED_PROXIES | proxy.example",
        "ALLOWED_ORIGINS | chat.example",
        "ALLOWED_ORIGINS | https://chat.example/",
        "DATABASE_URL  | mysql://h/d",
        "PG_PORT       | 0",
        "DB_POOL_SIZE  | 4",
        "REDIS_URL     | http://h",
        "JWT_PUBLIC_KEY | missing.pem",
        "JWT_PUBLIC_KEY | -----BEGIN PUBLIC KEY-----AAAA-----END PUBLIC KEY-----",
        "ACCESS_TOKEN_TTL | 15",
        "ACCESS_TOKEN_TTL | 1s",
        "COMPAT_OPEN   | maybe",
        "MAX_MESSAGE_BYTES | 64KB",
        "MAX_MESSAGE_BYTES | 17MiB",
        "MAX_FRAGMENTS | 0",
        "PING_INTERVAL | 11m",
        "MAX_FILE_BYTES | 1B",
        "FILE_QUOTA | 0B",
        "RATE_LOGINS   | 10",
        "RATE_LOGINS   | 0/s",
        "RATE_LOGINS   | 10/d",
        "LOG_FORMAT    | xml",
        "LOG_LEVEL     | loud",
      })
  void aBadValueIsOneLineWithKeyValueAndWhatIsAllowed(String key, String value) {
    var environment = new HashMap<>(Map.of("PG_HOST", "h", key, value));
    if (key.equals("DATABASE_URL")) {
      environment.remove("PG_HOST");
    }
    assertThatThrownBy(() -> load(environment))
        .isInstanceOf(ConfigException.class)
        .message()
        .startsWith(key + "=" + value + " (environment): allowed is " + valueOf(key).allowed())
        .doesNotContain("\n");
  }

  @Test
  void aBadValueShowsTheSpellingThatWasUsedAndItsPlace() throws IOException {
    dotenv("APP_PORT=80a");
    assertThatThrownBy(() -> load(Map.of()))
        .hasMessageStartingWith("APP_PORT=80a (" + folder.resolve(".env") + "): ");
  }

  @Test
  void aBadAddressHidesItsPassword() {
    assertThatThrownBy(() -> load(Map.of("DB_URL", "postgres://u:hunter2@h/d?warp=9")))
        .hasMessageStartingWith(
            "DB_URL=postgres://u:***@h/d?warp=9 (environment): allowed is postgresql://")
        .hasMessageEndingWith("[unknown parameter warp]");
  }

  @Test
  void aBadValueCannotForgeALine() {
    assertThatThrownBy(() -> load(Map.of("PORT", "1\n2\u001b[31m" + "x".repeat(500))))
        .message()
        .doesNotContain("\n", "\u001b")
        .hasSizeLessThan(300);
  }

  @Test
  void anUnknownNameInOurOwnFileIsAMistake() throws IOException {
    Files.writeString(folder.resolve("parley.properties"), "PROT=9000");
    assertThatThrownBy(() -> load(Map.of()))
        .hasMessageStartingWith("PROT is no key (" + folder.resolve("parley.properties"));
  }

  @Test
  void tlsNeedsBoth() throws IOException {
    Files.writeString(folder.resolve("x.pem"), "");
    assertThatThrownBy(() -> load(Map.of("TLS_CERT", "x.pem")))
        .hasMessageStartingWith("TLS_KEY is not set");
    assertThatThrownBy(() -> load(Map.of("TLS_KEY", "x.pem")))
        .hasMessageStartingWith("TLS_CERT is not set");
  }

  // Public keys.

  @Test
  void publicKeysComeAsTextOrFile() throws Exception {
    var rsa = pem("RSA", 2048);
    var edwards = pem("Ed25519", 255);
    assertThat(keys(rsa)).containsExactly("RSA");
    assertThat(keys(rsa.replace("\n", "\\n"))).containsExactly("RSA");
    assertThat(keys(rsa + "\n" + edwards)).containsExactly("RSA", "EdDSA");
    Files.writeString(folder.resolve("key.pem"), edwards);
    assertThat(keys("key.pem")).containsExactly("EdDSA");
    assertThat(load(Map.of("JWT_RSA_PUBLIC_KEY", rsa)).auth().publicKeys()).hasSize(1);
    var weak = pem("RSA", 1024);
    assertThatThrownBy(() -> keys(weak)).hasMessageContaining("allowed is RSA (2048 bits or more)");
  }

  private List<String> keys(String value) {
    return load(Map.of("JWT_PUBLIC_KEY", value)).auth().publicKeys().stream()
        .map(java.security.PublicKey::getAlgorithm)
        .toList();
  }

  private static String pem(String algorithm, int size) throws Exception {
    var generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(size);
    var body =
        Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(generator.generateKeyPair().getPublic().getEncoded());
    return "-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n";
  }

  // Secrets.

  @Test
  void nothingPrintsASecret() {
    var environment =
        Map.of(
            "JWT_SECRET", "hunter2-jwt",
            "DATABASE_URL", "postgres://u:hunter2-db@h/d",
            "PG_PASSWORD", "hunter2-pg",
            "REDIS_URL", "redis://u:hunter2-redis@h");
    assertThat(load(environment)).asString().doesNotContain("hunter2");
    var rows = new ConfigLoader(environment, folder, home, false).effective(Map.of());
    assertThat(rows).asString().doesNotContain("hunter2").contains("postgres://u:***@h/d");
  }

  @Test
  void theTableOfEffectiveValuesTellsWhereTheyComeFrom() throws IOException {
    dotenv("APP_PORT=9000");
    var rows = new ConfigLoader(Map.of(), folder, home, false).effective(Map.of(HOST, "::1"));
    assertThat(rows).extracting(ConfigLoader.Effective::key).containsExactly(ConfigKey.values());
    assertThat(rows)
        .contains(
            new ConfigLoader.Effective(HOST, "::1", "command line"),
            new ConfigLoader.Effective(PORT, "9000", folder.resolve(".env") + ", as APP_PORT"),
            new ConfigLoader.Effective(API_PORT, "8081", "default"));
  }

  @Test
  void noSecretHasAFlagAndNoTwoFlagsAreOne() {
    var flags = Arrays.stream(ConfigKey.values()).flatMap(key -> key.flag().stream()).toList();
    assertThat(flags)
        .doesNotHaveDuplicates()
        .contains("--port", "--data", "--role", "--database-url");
    assertThat(JWT_SECRET.flag()).isEmpty();
    assertThat(PG_PASSWORD.flag()).isEmpty();
    assertThat(Arrays.stream(ConfigKey.values()).flatMap(ConfigKey::names)).doesNotHaveDuplicates();
  }
}
