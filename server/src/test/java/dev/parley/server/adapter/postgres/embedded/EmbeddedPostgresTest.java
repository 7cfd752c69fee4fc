package dev.parley.server.adapter.postgres.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.server.adapter.postgres.DatabaseConfig;
import dev.parley.server.base.StartupException;
import dev.parley.server.testing.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// One life after another of the same folder; each test has a folder of its own.
final class EmbeddedPostgresTest {
  @TempDir(cleanup = CleanupMode.ALWAYS)
  Path data;

  private final List<EmbeddedPostgres> started = new ArrayList<>();
  private final List<Process> children = new ArrayList<>();

  @BeforeEach
  void prepare() {
    PreparedFolder.copyTo(data);
  }

  @AfterEach
  void stop() {
    children.forEach(Process::destroyForcibly);
    started.forEach(EmbeddedPostgres::close);
  }

  @Test
  void keepsRowsOverAStop() {
    write(start());
    started.getLast().close();
    assertThat(rows(start())).isEqualTo("1");
  }

  @Test
  void runsWithEverythingThatMakesACommitDurable() {
    DatabaseConfig config = start().superuser().withDatabase("postgres");
    for (String setting :
        List.of("fsync", "full_page_writes", "synchronous_commit", "data_checksums")) {
      assertThat(TestDatabase.ask(config, "show " + setting)).as(setting).isEqualTo("on");
    }
    assertThat(TestDatabase.ask(config, "show listen_addresses")).isEqualTo("127.0.0.1");
    assertThat(TestDatabase.ask(config, "show unix_socket_directories")).isEmpty();
    assertThat(
            TestDatabase.ask(
                config, "select datlocprovider from pg_database where datname = 'template0'"))
        .isEqualTo("b");
  }

  @Test
  void asksEverybodyForThePassword() {
    DatabaseConfig config = start().config();
    var wrong = DatabaseConfig.of(config.host(), config.port(), "postgres", config.user(), "wrong");
    assertThatThrownBy(() -> TestDatabase.ask(wrong, "select 1"))
        .hasMessageContaining("password authentication failed");
  }

  @Test
  void keepsThePasswordFromOthers() throws IOException {
    start();
    assertThat(Permissions.mode(data.resolve("postgres/password"))).isEqualTo(0600);
    assertThat(Permissions.mode(data.resolve("postgres/18"))).isEqualTo(0700);
    assertThat(data.resolve("postgres/password.unfinished")).doesNotExist();
  }

  @Test
  void worksInAFolderThatOthersMayNotEnterAndLaterInAnOpenOne() throws IOException {
    Permissions.set(data, 0700);
    write(start());
    started.getLast().close();
    Permissions.set(data, 0755);
    assertThat(rows(start())).isEqualTo("1");
  }

  @Test
  void doesNotHearTheTerminal() throws IOException {
    EmbeddedPostgres postgres = start();
    assertThat(session(postgres.pid()))
        .isEqualTo(postgres.pid())
        .isNotEqualTo(session(ProcessHandle.current().pid()));
  }

  @Test
  void startsTheServerAgainAfterAKill() {
    EmbeddedPostgres postgres = start();
    write(postgres);
    long killed = postgres.pid();
    postgres.kill();
    await().atMost(Duration.ofSeconds(30)).until(() -> postgres.pid() != killed);
    assertThat(rows(postgres)).isEqualTo("1");
  }

  @Test
  void triesAgainWhenARestartFails() throws Exception {
    EmbeddedPostgres postgres = start();
    long killed = postgres.pid();
    Path programs = data.resolve("postgres/bin-" + Binaries.VERSION);
    Path aside = Files.move(programs, data.resolve("aside"));
    postgres.kill();
    await().atMost(Duration.ofSeconds(30)).until(() -> logged("No such file"));
    Files.move(aside, programs);
    await().atMost(Duration.ofSeconds(30)).until(() -> postgres.pid() != killed);
    write(postgres);
  }

  @Test
  void saysWhenItGivesUp() throws Exception {
    EmbeddedPostgres postgres = start(new Patience(2, 1, 10, 10));
    var lost = new CountDownLatch(1);
    postgres.whenGivenUp(lost::countDown);
    Files.move(data.resolve("postgres/bin-" + Binaries.VERSION), data.resolve("aside"));
    postgres.kill();
    assertThat(lost.await(30, TimeUnit.SECONDS)).isTrue();
    Files.move(data.resolve("aside"), data.resolve("postgres/bin-" + Binaries.VERSION));
  }

  @Test
  void goesOnWatchingWhenTheLogIsGone() throws Exception {
    EmbeddedPostgres postgres = start(new Patience(2, 1, 10, 10));
    Files.delete(data.resolve("postgres/postgres.log"));
    var folder = Folder.in(data);
    var programs = new Programs(Binaries.in(folder, step -> {}), Identity.of(folder));
    new Launcher(folder, programs, Identity.of(folder), step -> {}).capLog();
    long killed = postgres.pid();
    postgres.kill();
    await().atMost(Duration.ofSeconds(30)).until(() -> postgres.pid() != killed);
    write(postgres);
  }

  @Test
  @Timeout(60)
  void stopsSoonWhileTheServerIsBeingStartedAgain() throws Exception {
    EmbeddedPostgres postgres = start();
    replaceServerByOneThatNeverGetsReady();
    postgres.kill();
    await().atMost(Duration.ofSeconds(30)).until(() -> logged("never ready"));
    long before = System.nanoTime();
    postgres.close();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
    assertThat(sleepers()).isEmpty();
  }

  @Test
  @Timeout(60)
  void leavesNothingBehindWhenAStartIsInterrupted() throws Exception {
    replaceServerByOneThatNeverGetsReady();
    var starter = Thread.ofPlatform().unstarted(() -> assertThatThrownBy(this::start));
    starter.start();
    await().atMost(Duration.ofSeconds(30)).until(() -> logged("never ready"));
    assertThat(sleepers()).isNotEmpty();
    starter.interrupt();
    starter.join();
    assertThat(sleepers()).isEmpty();
  }

  @Test
  void findsWhatKeepsItFromStartingWithoutTouchingAnything() throws IOException {
    assertThat(EmbeddedPostgres.findings(data)).isEmpty();
    assertThat(EmbeddedPostgres.findings(data.resolve("none/yet"))).isEmpty();
    assertThat(data.resolve("none")).doesNotExist();
    Files.delete(data.resolve("postgres/password"));
    assertThat(EmbeddedPostgres.findings(data)).singleElement().asString().contains("password");
    Path old = Files.createDirectories(data.resolve("postgres/17"));
    Files.writeString(old.resolve("PG_VERSION"), "17\n");
    assertThat(EmbeddedPostgres.findings(data))
        .singleElement()
        .asString()
        .contains("PostgreSQL 17", "pg_dump");
  }

  @Test
  void takesOverTheServerThatAKilledParleyLeft() throws Exception {
    long orphan = startInAnotherProcessAndKillThat();
    EmbeddedPostgres postgres = start();
    assertThat(postgres.pid()).isEqualTo(orphan);
    write(postgres);
    postgres.close();
    assertThat(ProcessHandle.of(orphan)).isEmpty();
    assertThat(rows(start())).isEqualTo("1");
  }

  @Test
  void watchesTheServerThatItTookOver() throws Exception {
    long orphan = startInAnotherProcessAndKillThat();
    EmbeddedPostgres postgres = start();
    postgres.kill();
    await().atMost(Duration.ofSeconds(30)).until(() -> postgres.pid() != orphan);
    write(postgres);
  }

  @Test
  void endsAnOrphanWithOtherSettings() throws Exception {
    start().close();
    var folder = Folder.in(data);
    var programs = new Programs(Binaries.in(folder, step -> {}), Identity.of(folder));
    var other = new ArrayList<>(Settings.arguments(folder, Launcher.freePort(0)));
    other.addAll(List.of("-c", "fsync=off"));
    Process orphan = programs.serve(other, new ServerLog(folder.log()));
    await().until(() -> PidFile.read(folder.cluster()).filter(PidFile::ready).isPresent());
    EmbeddedPostgres postgres = start();
    assertThat(orphan.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(TestDatabase.ask(postgres.superuser().withDatabase("postgres"), "show fsync"))
        .isEqualTo("on");
  }

  @Test
  void endsAnOrphanThatDoesNotKnowThePassword() throws Exception {
    long orphan = startInAnotherProcessAndKillThat();
    Path password = data.resolve("postgres/password");
    String right = Files.readString(password);
    Files.writeString(password, "wrong");
    start();
    Files.writeString(password, right);
    assertThat(started.getLast().pid()).isNotEqualTo(orphan);
    assertThat(ProcessHandle.of(orphan)).isEmpty();
  }

  @Test
  void startsOverAPidFileWhoseNumberIsSomebodyElses() throws IOException {
    start().close();
    Path cluster = data.resolve("postgres/18");
    Files.writeString(
        PidFile.in(cluster),
        ProcessHandle.current().pid() + "\n" + cluster + "\n1\n5432\n\n*\n1 1\nready\n");
    assertThat(EmbeddedPostgres.running(data)).isEmpty();
    write(start());
  }

  @Test
  void startsWhenServerAndParleyWereKilledTogether() throws Exception {
    long orphan = startInAnotherProcessAndKillThat();
    ProcessHandle.of(orphan).orElseThrow().destroyForcibly();
    write(start());
  }

  @Test
  void beginsAgainAfterAFirstStartThatWasCutShort() throws IOException {
    Binaries.delete(data.resolve("postgres"));
    PreparedFolder.linkPrograms(data);
    Path unfinished = Files.createDirectories(data.resolve("postgres/18.unfinished"));
    Files.writeString(unfinished.resolve("PG_VERSION"), "18");
    Files.createDirectories(data.resolve("postgres/bin-18.6.unfinished/bin"));
    write(start());
  }

  @Test
  void refusesTheDataOfAnotherMajorVersion() throws IOException {
    Path old = Files.createDirectories(data.resolve("postgres/17"));
    Files.writeString(old.resolve("PG_VERSION"), "17\n");
    assertThatThrownBy(this::start)
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("PostgreSQL 17")
        .hasMessageContaining("PostgreSQL 18")
        .hasMessageContaining("pg_dump")
        .hasMessageContaining("PARLEY_DATA");
  }

  @Test
  void refusesAFolderInUse() {
    start();
    assertThatThrownBy(this::start)
        .isInstanceOf(StartupException.class)
        .hasMessageContaining(
            "in use by another Parley (process " + ProcessHandle.current().pid() + ")");
  }

  @Test
  void refusesWithoutThePassword() throws IOException {
    start().close();
    Files.delete(data.resolve("postgres/password"));
    assertThatThrownBy(this::start)
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("password");
  }

  @Test
  void takesAnotherPortWhenTheOldOneIsTaken() throws IOException {
    int port = start().config().port();
    started.getLast().close();
    try (var taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(start().config().port()).isNotEqualTo(taken.getLocalPort());
    }
    int newPort = started.getLast().config().port();
    started.getLast().close();
    assertThat(start().config().port()).isEqualTo(newPort);
  }

  @Test
  void tellsAnotherProcessWhereTheServerIs() {
    assertThat(EmbeddedPostgres.running(data)).isEmpty();
    EmbeddedPostgres postgres = start();
    assertThat(EmbeddedPostgres.running(data)).contains(postgres.config());
    postgres.close();
    assertThat(EmbeddedPostgres.running(data)).isEmpty();
  }

  @Test
  void namesTheVersionOfTheProgramsItBrings() throws Exception {
    start();
    var folder = Folder.in(data);
    String version =
        new Programs(Binaries.in(folder, step -> {}), Identity.of(folder))
            .run("postgres", List.of("--version"), "");
    assertThat(version).contains(" " + Binaries.VERSION + "\n");
  }

  private EmbeddedPostgres start() {
    return start(Patience.USUAL);
  }

  private EmbeddedPostgres start(Patience patience) {
    started.add(EmbeddedPostgres.start(data, new SecureRandom(), step -> {}, patience));
    return started.getLast();
  }

  private boolean logged(String words) throws IOException {
    Path log = data.resolve("postgres/postgres.log");
    return Files.exists(log) && Files.readString(log).contains(words);
  }

  /// All programs work as before but the server itself, which waits for ever.
  private void replaceServerByOneThatNeverGetsReady() throws IOException {
    Path programs = data.resolve("postgres/bin-" + Binaries.VERSION);
    Path real = programs.toRealPath().resolve("bin");
    Files.delete(programs);
    Path bin = Files.createDirectories(programs.resolve("bin"));
    script(bin.resolve("postgres"), "echo never ready", "exec tail -f " + sleeper());
    script(bin.resolve("pg_ctl"), "exec " + real.resolve("pg_ctl") + " \"$@\"");
    Files.writeString(sleeper(), "");
  }

  private static void script(Path file, String... lines) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Permissions.set(file, 0755);
  }

  private Path sleeper() {
    return data.resolve("sleeper");
  }

  private List<ProcessHandle> sleepers() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").endsWith(sleeper().toString()))
        .toList();
  }

  /// A second Java starts the server in this folder and is killed; the server lives on.
  private long startInAnotherProcessAndKillThat() throws Exception {
    Process parley =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ServeForever.class.getName(),
                data.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    children.add(parley);
    long pid = pid(parley.inputReader());
    parley.destroyForcibly().waitFor();
    assertThat(ProcessHandle.of(pid)).isPresent();
    return pid;
  }

  private static long pid(BufferedReader output) {
    return output
        .lines()
        .filter(line -> line.startsWith("pid="))
        .map(line -> Long.parseLong(line.substring(4)))
        .findFirst()
        .orElseThrow();
  }

  private static void write(EmbeddedPostgres postgres) {
    TestDatabase.execute(
        postgres.superuser().withDatabase("postgres"),
        "create table kept (n int)",
        "insert into kept values (1)");
  }

  private static String rows(EmbeddedPostgres postgres) {
    return TestDatabase.ask(
        postgres.superuser().withDatabase("postgres"), "select count(*) from kept");
  }

  private static long session(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[3]);
  }
}
