package dev.parley.server.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The command line as a stranger meets it: a process of its own, its output and its exit code.
class MainTest {
  @TempDir Path folder;

  private Program.Outcome parley(Map<String, String> environment, String... args) throws Exception {
    return Program.java(folder, environment, Main.class, args).outcome();
  }

  @Test
  void helpShowsCommandsExamplesAndExitCodes() throws Exception {
    var help = parley(Map.of(), "--help");
    assertThat(help.code()).isZero();
    assertThat(help.out())
        .contains(
            "serve",
            "migrate",
            "doctor",
            "token",
            "config",
            "chat",
            "verify",
            "Examples:",
            "Exit codes:")
        .doesNotContain("null", "rehearse");
    assertThat(help.out().lines().mapToInt(String::length).max().orElse(0))
        .isLessThanOrEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "migrate", "doctor", "token", "config", "chat", "verify"})
  void everyCommandHasHelp(String command) throws Exception {
    var help = parley(Map.of(), command, "--help");
    assertThat(help.code()).isZero();
    assertThat(help.out())
        .contains("Usage: parley " + command, "Examples:", "--help")
        .doesNotContain("null", "rehearse");
  }

  @Test
  void aBadValueIsOneLineAndExitCode2() throws Exception {
    var bad = parley(Map.of("PORT", "80a"));
    assertThat(bad)
        .isEqualTo(
            new Program.Outcome(
                2,
                "",
                "parley: PORT=80a (environment): allowed is a port, 0 to 65535 (0 picks a free one)\n"));
  }

  @Test
  void aBadFlagIsOneLineAndExitCode2() throws Exception {
    var bad = parley(Map.of(), "--prot", "9000");
    assertThat(bad.code()).isEqualTo(2);
    assertThat(bad.out()).isEmpty();
    assertThat(bad.err().lines()).hasSize(1);
    assertThat(bad.err())
        .startsWith("parley: Unknown option")
        .contains("--prot", "parley serve --help");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "verify --campaign x",
        "verify --orgs 1",
        "verify --rooms many",
        "verify --url ::",
        "verify --url here",
        "verify --url ftp://here/",
        "chat --url ::"
      })
  void anOptionThatCannotBeUsedIsOneLineAndExitCode2(String line) throws Exception {
    var bad = parley(Map.of(), line.split(" "));
    assertThat(bad.code()).describedAs(bad.toString()).isEqualTo(2);
    assertThat(bad.err()).startsWith("parley: ").hasLineCount(1).doesNotContain("Exception");
  }

  @Test
  void theDoctorLooksAtADatabaseThatDoesNotRun() throws Exception {
    var old = Files.createDirectories(folder.resolve("data/postgres/17"));
    Files.writeString(old.resolve("PG_VERSION"), "17\n");
    var doctor =
        parley(
            Map.of("PORT", "0", "API_PORT", "0", "PARLEY_DATA", folder.resolve("data").toString()),
            "doctor");
    assertThat(doctor.code()).isEqualTo(1);
    assertThat(doctor.out()).containsPattern("fail  database .*PostgreSQL 17");
  }

  @Test
  void anUnknownCommandIsOneLineAndExitCode2() throws Exception {
    var bad = parley(Map.of(), "swerve");
    assertThat(bad.code()).isEqualTo(2);
    assertThat(bad.err().lines()).hasSize(1);
    assertThat(bad.err()).contains("swerve", "parley --help");
  }

  @Test
  void productionWithoutASecretNamesTheVariable() throws Exception {
    var refused =
        parley(
            Map.of("PARLEY_PROFILE", "production", "DATABASE_URL", "postgres://u:p@h/d"), "serve");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .startsWith("parley: JWT_SECRET is not set: ")
        .endsWith("\n")
        .hasLineCount(1);
  }

  @Test
  void productionWithoutADatabaseNamesTheVariable() throws Exception {
    var refused =
        parley(Map.of("JWT_SECRET", "0123456789abcdef0123456789abcdef"), "--profile", "production");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).startsWith("parley: DATABASE_URL is not set: ").hasLineCount(1);
  }

  @Test
  void configTellsWhereAValueComesFromAndNoSecret() throws Exception {
    Files.writeString(
        folder.resolve(".env"), "export JWT_SECRET='hunter2'\nAPP_PORT=9000 # mine\n");
    var config =
        parley(Map.of("DB_URL", "user=u password='x hunter2' dbname=d"), "config", "--host", "::1");
    assertThat(config.code()).isZero();
    assertThat(config.err()).isEmpty();
    assertThat(config.out())
        .doesNotContain("hunter2")
        .containsPattern("HOST +::1 +\\(command line\\)")
        .containsPattern("PORT +9000 +\\(.*\\.env, as APP_PORT\\)")
        .containsPattern(
            "DATABASE_URL +user=u password=\\*\\*\\* dbname=d +\\(environment, as DB_URL\\)")
        .containsPattern("JWT_SECRET +\\*\\*\\* ");
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @Test
  void configShowsTheTableAndThenRefuses() throws Exception {
    var config = parley(Map.of("MAX_FRAGMENTS", "none"), "config");
    assertThat(config.code()).isEqualTo(2);
    assertThat(config.out()).contains("MAX_FRAGMENTS");
    assertThat(config.err()).startsWith("parley: MAX_FRAGMENTS=none (environment): ");
  }

  @Test
  void doctorFindsAllWell() throws Exception {
    var doctor = parley(Map.of("PORT", "0", "API_PORT", "0"), "doctor");
    assertThat(doctor.code()).describedAs(doctor.toString()).isZero();
    assertThat(doctor.out())
        .contains("ok    java", "ok    secret", "ok    realm", "ok    port")
        .doesNotContain("fail");
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @Test
  void doctorSaysWhatToDo() throws Exception {
    var data = Files.createDirectory(folder.resolve("data"));
    var secret = Files.writeString(data.resolve("jwt-secret"), "0123456789abcdef0123456789abcdef");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    try (var taken = listen()) {
      var doctor =
          parley(
              Map.of(
                  "PORT",
                  "" + taken.getLocalPort(),
                  "REDIS_ADDR",
                  "127.0.0.1:1",
                  "PARLEY_DATA",
                  data.toString()),
              "doctor");
      assertThat(doctor.code()).isEqualTo(1);
      assertThat(doctor.out())
          .containsPattern("warn  port .*" + taken.getLocalPort() + ".*→ .*PORT")
          .containsPattern("warn  redis .*→ .*REDIS_URL")
          .containsPattern("fail  secret .*→ .*chmod 600");
    }
  }

  @Test
  void doctorWarnsOfAnOpenDoor() throws Exception {
    var doctor =
        parley(
            Map.of("HOST", "0.0.0.0", "JWT_SECRET", "short", "PORT", "0", "API_PORT", "off"),
            "doctor");
    assertThat(doctor.out())
        .containsPattern("warn  profile .*→ PARLEY_PROFILE=production")
        .containsPattern("warn  realm .*→ COMPAT_OPEN=off")
        .containsPattern("warn  secret .*→ JWT_SECRET=");
  }

  @Test
  void doctorAsksRedis() throws Exception {
    try (var redis = listen()) {
      var answers = Thread.ofVirtual().start(() -> answer(redis, "+OK\r\n+PONG\r\n"));
      var doctor =
          parley(
              Map.of(
                  "REDIS_URL",
                  "redis://u:hunter2@127.0.0.1:" + redis.getLocalPort(),
                  "PORT",
                  "0",
                  "API_PORT",
                  "off"),
              "doctor");
      answers.join();
      assertThat(doctor.out())
          .contains("ok    redis")
          .contains("answers PONG")
          .doesNotContain("hunter2");
    }
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  private static void answer(ServerSocket server, String text) {
    try (var socket = server.accept()) {
      socket.getOutputStream().write(text.getBytes(UTF_8));
      socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
