package dev.parley.server.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.client.Time;
import dev.parley.client.verify.Verify;
import dev.parley.client.verify.VerifyOptions;
import dev.parley.server.app.config.Config;
import dev.parley.server.app.config.ConfigKey;
import dev.parley.server.app.config.ConfigLoader;
import dev.parley.server.app.logging.Logging;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// Starts everything once on free ports in a folder of its own, uses it, and stops. `./parley` runs
/// it after a build while Java records what is loaded (JEP 514), so that later starts are quick.
final class RehearseCommand implements Command {
  /// PostgreSQL, which is another user when we are root, has to get in.
  private static final FileAttribute<?> OPEN =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));

  private final Shell shell;
  private final Node node;

  RehearseCommand(Shell shell, Node node) {
    this.shell = shell;
    this.node = node;
  }

  @Override
  public String name() {
    return "rehearse";
  }

  @Override
  public CommandSpec spec() {
    var spec =
        Specs.command(
            name(),
            "Start everything once in a temporary folder and stop; for the start-up cache.");
    spec.usageMessage().hidden(true);
    return spec;
  }

  @Override
  public int run(ParseResult line) throws Exception {
    var folder = Files.createTempDirectory("parley-rehearsal", OPEN);
    try {
      rehearse(config(folder));
      return ExitCode.OK;
    } finally {
      delete(folder);
    }
  }

  /// What the operator set does not matter here.
  private static Config config(Path folder) {
    var free =
        Map.of(
            ConfigKey.PORT, "0", ConfigKey.API_PORT, "0", ConfigKey.PARLEY_DATA, folder.toString());
    return new ConfigLoader(Map.of(), folder, folder, false).load(free);
  }

  private void rehearse(Config config) throws Exception {
    try (var log = Logging.open(config.log(), OutputStream.nullOutputStream(), false);
        var running = node.start(config, silent())) {
      use(running.address());
      shell.out().println("rehearsed on " + running.address());
    }
  }

  /// People who sign up, found rooms, send and read: what comes after a start. Whether all of it is
  /// right is not the question here.
  private void use(URI address) {
    var options =
        new VerifyOptions(
            List.of(address),
            Duration.ofSeconds(2),
            2,
            2,
            2,
            2,
            100,
            8,
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Optional.empty(),
            1);
    new Verify(options, Time.system(), silent().out()).run();
  }

  private Shell silent() {
    var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
    return new Shell(Map.of(), shell.folder(), shell.home(), false, nowhere, nowhere);
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
