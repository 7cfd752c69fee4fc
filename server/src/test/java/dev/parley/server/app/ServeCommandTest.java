package dev.parley.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.app.config.Config;
import dev.parley.server.base.StartupException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// How a serving process ends, seen from outside.
class ServeCommandTest {
  @TempDir Path folder;

  /// A node that does what its data folder is called.
  static final class Scripted {
    private Scripted() {}

    public static void main(String[] args) {
      System.exit(new Main(Shell.ofProcess(), Scripted::start).run(args));
    }

    private static Node.Running start(Config config, Shell shell) {
      var script = config.node().data().getFileName().toString();
      if (script.equals("refuses")) {
        throw new StartupException("The port is taken:\n  choose another");
      }
      LoggerFactory.getLogger(Scripted.class).info("ready");
      waitIn(script);
      return new ScriptedRunning(script);
    }
  }

  private static void waitIn(String script) {
    try {
      if (script.startsWith("starts")) {
        new CountDownLatch(1).await();
      }
    } catch (InterruptedException e) {
      if (script.equals("starts and gives up")) {
        throw new StartupException("interrupted", e);
      }
    }
  }

  private record ScriptedRunning(String script) implements Node.Running {
    @Override
    public URI address() {
      return URI.create("http://localhost");
    }

    @Override
    public void await() throws InterruptedException {
      if (!script.startsWith("fails")) {
        new CountDownLatch(1).await();
      }
    }

    @Override
    public void close() throws IOException {
      LoggerFactory.getLogger(ScriptedRunning.class).info("drained");
      if (script.endsWith("sticks")) {
        throw new IOException("stuck");
      }
    }
  }

  private Program serve(String script) throws IOException {
    return Program.java(folder, Map.of("PARLEY_DATA", script), Scripted.class);
  }

  private static void signal(Program program, String signal) throws Exception {
    await().atMost(Duration.ofSeconds(30)).until(() -> program.out().contains("ready"));
    new ProcessBuilder("kill", "-s", signal, Long.toString(program.process().pid()))
        .start()
        .waitFor();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT", "HUP"})
  void aSignalDrainsAndExitsWith0(String signal) throws Exception {
    var program = serve("runs");
    signal(program, signal);
    var outcome = program.outcome();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out().lines())
        .hasSize(2)
        .last()
        .asString()
        .contains("\"message\":\"drained\"");
    assertThat(outcome.err()).isEmpty();
  }

  @Test
  void aSignalEndsAStartThatGivesUp() throws Exception {
    var program = serve("starts and gives up");
    signal(program, "TERM");
    var outcome = program.outcome();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).doesNotContain("drained");
    assertThat(outcome.err()).isEmpty();
  }

  @Test
  void aSignalDrainsWhatAStartStillBroughtUp() throws Exception {
    var program = serve("starts and goes on");
    signal(program, "TERM");
    var outcome = program.outcome();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).containsOnlyOnce("drained");
    assertThat(outcome.err()).isEmpty();
  }

  @Test
  void aDrainThatFailsExitsWith1() throws Exception {
    var program = serve("sticks");
    signal(program, "TERM");
    var outcome = program.outcome();
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).contains("could not stop cleanly", "stuck");
  }

  @Test
  void aNodeThatCannotGoOnIsClosedAndExitsWith1() throws Exception {
    var outcome = serve("fails").outcome();
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).containsOnlyOnce("drained").contains("cannot go on");
  }

  @Test
  void aNodeThatCannotGoOnNorStopExitsWith1() throws Exception {
    var outcome = serve("fails and sticks").outcome();
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).isEqualTo("parley: java.io.IOException: stuck\n");
  }

  @Test
  void aNodeThatRefusesToStartSaysWhyInOneLine() throws Exception {
    var outcome = serve("refuses").outcome();
    assertThat(outcome)
        .isEqualTo(new Program.Outcome(1, "", "parley: The port is taken: choose another\n"));
  }
}
