package dev.parley.server.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.server.app.config.ConfigLoader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What surrounds the process: where it was started, and by whom it is watched.
///
/// @param folder the working folder
/// @param home where the product lies
/// @param terminal whether people watch `out`
record Shell(
    Map<String, String> environment,
    Path folder,
    Path home,
    boolean terminal,
    PrintStream out,
    PrintStream err) {
  /// Set by `./parley`.
  private static final String HOME = "parley.home";

  /// Set by `./parley`, which can ask for stdout alone; `System.console` wants stdin to be a
  /// terminal too.
  private static final String TERMINAL = "parley.terminal";

  static Shell ofProcess() {
    var folder = Path.of("").toAbsolutePath();
    var home = Optional.ofNullable(System.getProperty(HOME)).map(Path::of).orElse(folder);
    return new Shell(
        System.getenv(),
        folder,
        home,
        Boolean.getBoolean(TERMINAL),
        utf8(System.out),
        utf8(System.err));
  }

  /// Whatever the locale says: a container often has none.
  private static PrintStream utf8(PrintStream stream) {
    return new PrintStream(stream, true, UTF_8);
  }

  /// Tells people in one line why it does not go on.
  void complain(String why) {
    err.println("parley: " + why.replaceAll("\\s*\\R\\s*", " "));
  }

  /// Reads the configuration from here.
  ConfigLoader loader() {
    return new ConfigLoader(environment, folder, home, terminal);
  }
}
