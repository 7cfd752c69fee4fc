package dev.parley.server.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.server.base.Redaction;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Reads a command line and hands it to one [Command]. Options alone mean `serve`.
final class CommandTable {
  private static final Set<String> OWN_OPTIONS = Set.of("-h", "--help", "-V", "--version");

  private final Shell shell;
  private final List<Command> commands;

  CommandTable(Shell shell, List<Command> commands) {
    this.shell = shell;
    this.commands = commands;
  }

  /// Runs what `args` ask for; returns an [ExitCode].
  int run(String... args) throws Exception {
    try {
      var parsed = commandLine().parseArgs(withCommand(args));
      var help = CommandLine.executeHelpRequest(parsed);
      if (help != null) {
        return help;
      }
      var line = parsed.subcommand();
      return command(line.commandSpec().name()).run(line);
    } catch (ParameterException e) {
      var asked = e.getCommandLine().getCommandSpec().qualifiedName();
      // An address that stands in the wrong place may hold a password.
      var what = Redaction.line(String.valueOf(e.getMessage()));
      shell.complain("%s (see %s --help)".formatted(what, asked));
      return ExitCode.USAGE;
    }
  }

  /// Of the options, only help and version belong to `parley` itself.
  private static String[] withCommand(String... args) {
    boolean named = args.length > 0 && (!args[0].startsWith("-") || OWN_OPTIONS.contains(args[0]));
    return named
        ? args
        : Stream.concat(Stream.of("serve"), Arrays.stream(args)).toArray(String[]::new);
  }

  private CommandLine commandLine() {
    var root =
        Specs.command(
            "parley",
            "A durable, ordered real-time workspace.",
            "parley",
            "parley doctor",
            "parley serve --help");
    root.addOption(
        OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .description("Print the version.")
            .build());
    root.version(version())
        .usageMessage()
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(exitCodes());
    for (var command : commands) {
      root.addSubcommand(command.name(), command.spec());
    }
    return new CommandLine(root).setOut(writer(shell.out())).setErr(writer(shell.err()));
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, UTF_8);
  }

  private static Map<String, String> exitCodes() {
    var codes = new LinkedHashMap<String, String>();
    codes.put("0", "done; also after Ctrl-C and SIGTERM");
    codes.put("1", "failed: the message says why");
    codes.put("2", "asked wrongly: an unknown option, or a setting that cannot be used");
    return codes;
  }

  private static String version() {
    var version = Main.class.getPackage().getImplementationVersion();
    return "parley "
        + (version == null ? "(from classes)" : version)
        + ", Java "
        + Runtime.version();
  }

  private Command command(String name) {
    return commands.stream()
        .filter(command -> command.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
