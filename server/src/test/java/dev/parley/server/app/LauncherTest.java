package dev.parley.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.app.Program.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `./parley` in a repository with a space in its name, with JDKs and a Maven that are only
/// scripts.
class LauncherTest {
  private static final String PATH = "/usr/bin:/bin";

  @TempDir Path root;
  private Path repository;
  private Path home;

  @BeforeEach
  void makeRepository() throws IOException {
    home = Files.createDirectory(root.resolve("home"));
    repository = Files.createDirectory(root.resolve("my repository"));
    Files.createDirectory(repository.resolve("bin"));
    for (var file : List.of("parley", "bin/find-jdk")) {
      Files.copy(
          Path.of("..", file),
          repository.resolve(file),
          java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    }
    Files.createDirectories(repository.resolve("server/src/main"));
    Files.writeString(repository.resolve("pom.xml"), "");
  }

  /// A JDK of this version whose java prints its own name, its process id and its arguments.
  private Path jdk(String name, String version) throws IOException {
    var jdk = Files.createDirectories(root.resolve(name));
    Files.createDirectory(jdk.resolve("bin"));
    script(
        jdk.resolve("bin/java"),
        "echo \"java $0\"",
        "echo \"pid $$\"",
        "for a in \"$@\"; do echo \"arg $a\"; done");
    script(jdk.resolve("bin/javac"), "");
    Files.writeString(
        jdk.resolve("release"),
        "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\nOS_NAME=\"Linux\"\n");
    return jdk;
  }

  private static void script(Path file, String... lines) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// A Maven that builds a jar out of nothing, and counts how often.
  private Path maven(String... more) throws IOException {
    var bin = Files.createDirectories(root.resolve("maven/bin"));
    var lines =
        new ArrayList<>(
            List.of(
                "echo call >>'" + root + "/calls'",
                "echo JAVA_HOME=$JAVA_HOME",
                "mkdir -p '" + repository + "/server/target/lib'",
                "echo jar >'" + repository + "/server/target/parley-server.jar'"));
    lines.addAll(List.of(more));
    script(bin.resolve("mvn"), lines.toArray(String[]::new));
    return bin;
  }

  private long mavenCalls() throws IOException {
    var calls = root.resolve("calls");
    return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
  }

  /// A build as the launcher leaves it, newer than every source.
  private Path built() throws IOException {
    var app = Files.createDirectories(repository.resolve(".parley-build/app-1"));
    Files.writeString(app.resolve("parley-server.jar"), "");
    Files.writeString(repository.resolve(".parley-build/current"), "app-1\n");
    age(Files.writeString(app.resolve("stamp"), ""), 100);
    return app;
  }

  private static void age(Path file, long seconds) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(seconds)));
  }

  private Program start(Map<String, String> environment, String... args) throws IOException {
    var with =
        new HashMap<>(
            Map.of(
                "HOME",
                home.toString(),
                "PATH",
                PATH,
                "PARLEY_JDK_DIRS",
                root.resolve("none").toString()));
    with.putAll(environment);
    var command = new ArrayList<>(List.of(repository.resolve("parley").toString()));
    command.addAll(List.of(args));
    return Program.start(root, with, command.toArray(String[]::new));
  }

  private Outcome parley(Map<String, String> environment, String... args) throws Exception {
    return start(environment, args).outcome();
  }

  private static String java(Path jdk) {
    return "java " + jdk.resolve("bin/java") + "\n";
  }

  // The JDK.

  /// The later of two definitions wins in silence.
  @ParameterizedTest
  @ValueSource(strings = {"parley", "check", "bin/find-jdk"})
  void aScriptDefinesEachFunctionOnce(String script) throws IOException {
    var functions =
        Files.readAllLines(Path.of("..").resolve(script)).stream()
            .filter(line -> line.matches("[a-z_]+\\(\\) \\{"))
            .toList();
    assertThat(functions).doesNotHaveDuplicates();
  }

  @Test
  void whoAsksForAJdkGetsIt() throws Exception {
    built();
    var wanted = jdk("jdk wanted", "25.0.3");
    var other = jdk("other", "25");
    var outcome =
        parley(Map.of("PARLEY_JAVA_HOME", wanted.toString(), "JAVA_HOME", other.toString()));
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).startsWith(java(wanted));
    assertThat(outcome.err()).isEmpty();
  }

  @Test
  void whoAsksForSomethingElseIsToldSo() throws Exception {
    built();
    var old = jdk("old", "21.0.1");
    var outcome =
        parley(
            Map.of("PARLEY_JAVA_HOME", old.toString(), "JAVA_HOME", jdk("good", "25").toString()));
    assertThat(outcome)
        .isEqualTo(
            new Outcome(
                1,
                "",
                "parley: PARLEY_JAVA_HOME=%s: allowed is the folder of a JDK 25\n".formatted(old)));
  }

  @Test
  void javaHomeCountsOnlyWhenItIs25() throws Exception {
    built();
    var good = jdk("good", "25-ea");
    assertThat(parley(Map.of("JAVA_HOME", good.toString())).out()).startsWith(java(good));
    var environment =
        Map.of(
            "JAVA_HOME",
            jdk("old", "1.8.0_402").toString(),
            "PARLEY_JDK_DIRS",
            root + "/none:" + root);
    assertThat(parley(environment).out()).startsWith(java(good));
  }

  @Test
  void theJavaInPathIsFoundThroughItsLinks() throws Exception {
    built();
    var good = jdk("good", "25.0.1");
    var bin = Files.createDirectory(root.resolve("links"));
    Files.createSymbolicLink(bin.resolve("java"), good.resolve("bin/java"));
    assertThat(parley(Map.of("PATH", bin + ":" + PATH)).out()).startsWith(java(good));
  }

  @Test
  void mavensToolchainsAreRead() throws Exception {
    built();
    var good = jdk("tool chain", "25");
    Files.createDirectories(home.resolve(".m2"));
    Files.writeString(
        home.resolve(".m2/toolchains.xml"),
        "<toolchains>\n  <jdkHome>%s</jdkHome>\n  <jdkHome>%s</jdkHome>\n</toolchains>"
            .formatted(jdk("old", "17"), good));
    assertThat(parley(Map.of()).out()).startsWith(java(good));
  }

  @Test
  void theFoldersOfOtherToolsAreSearched() throws Exception {
    built();
    jdk("home/.sdkman/candidates/java/21-tem", "21.0.2");
    var good = jdk("home/.sdkman/candidates/java/25-tem", "25.0.1");
    assertThat(
            parley(Map.of("PARLEY_JDK_DIRS", home.resolve(".sdkman/candidates/java").toString()))
                .out())
        .startsWith(java(good));
  }

  @Test
  void aRuntimeWithoutCompilerIsNoJdk() throws Exception {
    built();
    var runtime = jdk("runtime", "25");
    Files.delete(runtime.resolve("bin/javac"));
    assertThat(parley(Map.of("JAVA_HOME", runtime.toString())).code()).isEqualTo(1);
  }

  @Test
  void withoutAJdkItSaysWhatThereIsAndWhatToInstall() throws Exception {
    built();
    var old = jdk("old", "17.0.9");
    var outcome = parley(Map.of("PARLEY_JDK_DIRS", root.toString()));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .startsWith("parley: no JDK 25 found; found only:")
        .contains("Java 17 in " + old, "apt-get install", "brew install", "PARLEY_JAVA_HOME");
  }

  // The hand-over.

  @Test
  void argumentsArriveAsTheyAre() throws Exception {
    built();
    var outcome =
        parley(
            Map.of("JAVA_HOME", jdk("jdk", "25").toString()), "serve", "--data", "a  b", "*", "");
    assertThat(outcome.out()).endsWith("arg serve\narg --data\narg a  b\narg *\narg \n");
  }

  @Test
  void javaTakesThePlaceOfTheScript() throws Exception {
    built();
    var program = start(Map.of("JAVA_HOME", jdk("jdk", "25").toString()));
    assertThat(program.outcome().out()).contains("pid " + program.process().pid() + "\n");
  }

  @Test
  void javaIsToldWhereTheProductLiesAndItsOptions() throws Exception {
    var app = built();
    var environment =
        Map.of("JAVA_HOME", jdk("jdk", "25").toString(), "PARLEY_JAVA_OPTS", "-Xmx1g -Xss1m");
    assertThat(parley(environment).out())
        .contains(
            "arg -Dparley.home=" + repository + "\n",
            "arg -Dparley.terminal=false\n",
            "arg -XX:+UseCompactObjectHeaders\n",
            "arg -Xmx1g\narg -Xss1m\narg -jar\narg " + app.resolve("parley-server.jar") + "\n")
        .doesNotContain("AOTCache");
    Files.writeString(app.resolve("parley.aot"), "");
    assertThat(parley(environment).out())
        .contains("arg -XX:AOTCache=" + app.resolve("parley.aot") + "\n");
  }

  @Test
  void itWorksThroughLinksFromAnywhereWithoutStdin() throws Exception {
    built();
    Files.createSymbolicLink(home.resolve("second"), repository.resolve("parley"));
    Files.createSymbolicLink(home.resolve("first"), Path.of("second"));
    var environment = Map.of("HOME", home.toString(), "JAVA_HOME", jdk("jdk", "25").toString());
    var outcome = Program.start(home, environment, "sh", "-c", "./first a <&-").outcome();
    assertThat(outcome.out())
        .contains("arg -Dparley.home=" + repository.toRealPath() + "\n")
        .endsWith("arg a\n");
    var inside = Program.start(repository, environment, "sh", "parley", "b").outcome();
    assertThat(inside.out())
        .contains("arg -Dparley.home=" + repository.toRealPath() + "\n")
        .endsWith("arg b\n");
  }

  // The build.

  private Map<String, String> withMaven(String... more) throws IOException {
    return Map.of("JAVA_HOME", jdk("jdk", "25").toString(), "PATH", maven(more) + ":" + PATH);
  }

  @Test
  void theFirstStartBuildsAndTheSecondDoesNot() throws Exception {
    var environment = withMaven();
    var first = parley(environment);
    assertThat(first.code()).describedAs(first.toString()).isZero();
    assertThat(first.err()).contains("1/3 building", "2/3", "3/3");
    assertThat(first.out()).contains("arg " + repository + "/.parley-build/app-");
    var second = parley(environment);
    assertThat(second.err()).isEmpty();
    assertThat(mavenCalls()).isEqualTo(1);
    assertThat(repository.resolve(".parley-build/lock")).doesNotExist();
    assertThat(Files.readString(repository.resolve(".parley-build/build.log")))
        .contains("JAVA_HOME=" + root.resolve("jdk"));
  }

  @Test
  void aChangedSourceBuildsAgain() throws Exception {
    var environment = withMaven();
    parley(environment);
    age(Files.writeString(repository.resolve("server/src/main/New.java"), ""), 100);
    assertThat(parley(environment).err()).contains("because of server/src/main");
    assertThat(mavenCalls()).isEqualTo(2);
  }

  @Test
  void aDeletedSourceBuildsAgain() throws Exception {
    var source = Files.writeString(repository.resolve("server/src/main/Old.java"), "");
    var environment = withMaven();
    parley(environment);
    Files.delete(source);
    age(repository.resolve("server/src/main"), 100);
    parley(environment);
    assertThat(mavenCalls()).isEqualTo(2);
  }

  @Test
  void whoSaysNeverIsNotKeptWaiting() throws Exception {
    built();
    age(repository.resolve("pom.xml"), 1000);
    var environment = Map.of("JAVA_HOME", jdk("jdk", "25").toString(), "PARLEY_BUILD", "never");
    assertThat(parley(environment).code()).isZero();
  }

  @Test
  void aBuildThatFailsShowsTheEndOfItsLogAndStartsNothing() throws Exception {
    var outcome = parley(withMaven("echo 'it is broken'", "exit 1"));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .contains("1/3 building", "that failed", "it is broken")
        .doesNotContain("2/3");
    assertThat(repository.resolve(".parley-build/lock")).doesNotExist();
  }

  @Test
  void withoutMavenItSaysWhatToInstall() throws Exception {
    var empty = Files.createDirectory(root.resolve("tools"));
    for (var tool : List.of("sh", "readlink", "find", "head", "mkdir", "rm", "sleep", "cat")) {
      Files.createSymbolicLink(empty.resolve(tool), which(tool));
    }
    var outcome =
        parley(Map.of("JAVA_HOME", jdk("jdk", "25").toString(), "PATH", empty.toString()));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .startsWith("parley: no Maven found.")
        .contains("apt-get install maven");
  }

  private static Path which(String tool) {
    return List.of("/usr/bin", "/bin").stream()
        .map(folder -> Path.of(folder, tool))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whereNobodyCanWriteAHomeTheLibrariesStayInTheBuildFolder() throws Exception {
    var environment = new HashMap<>(withMaven("echo \"$@\""));
    environment.put("HOME", Files.writeString(root.resolve("a file"), "").toString());
    parley(environment);
    assertThat(Files.readString(repository.resolve(".parley-build/build.log")))
        .contains("-Dmaven.repo.local=" + repository + "/.parley-build/m2");
  }

  @Test
  void twoAtOnceBuildOnce() throws Exception {
    var environment = withMaven("sleep 0.5");
    var first = start(environment);
    var second = start(environment);
    assertThat(first.outcome().code()).isZero();
    assertThat(second.outcome().code()).isZero();
    assertThat(mavenCalls()).isEqualTo(1);
  }

  @Test
  void theLockOfABuilderThatWasKilledIsTaken() throws Exception {
    var lock = Files.createDirectories(repository.resolve(".parley-build/lock"));
    Files.writeString(lock.resolve("pid"), "999999999\n");
    assertThat(parley(withMaven()).code()).isZero();
  }

  @Test
  void aRunningServerKeepsItsFilesThroughOneMoreBuild() throws Exception {
    var environment = withMaven();
    parley(environment);
    var builds = repository.resolve(".parley-build");
    var first = builds.resolve(Files.readString(builds.resolve("current")).strip());
    age(repository.resolve("pom.xml"), 100);
    parley(environment);
    assertThat(first).exists();
    age(repository.resolve("pom.xml"), 200);
    parley(environment);
    assertThat(first).doesNotExist();
  }
}
