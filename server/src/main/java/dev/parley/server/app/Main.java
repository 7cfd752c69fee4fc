package dev.parley.server.app;

import dev.parley.server.app.config.ConfigException;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.StartupException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// Starts the process: wires the commands, runs one, and ends with one of [ExitCode].
public final class Main {
  private final Shell shell;
  private final Node node;

  Main(Shell shell, Node node) {
    this.shell = shell;
    this.node = node;
  }

  /// The process.
  public static void main(String[] args) {
    System.exit(new Main(Shell.ofProcess(), new Serving()).run(args));
  }

  /// Runs what `args` ask for and returns the exit code; never throws.
  int run(String... args) {
    try {
      return plain(args) ? serve().serve(Map.of()) : new CommandTable(shell, commands()).run(args);
    } catch (ConfigException e) {
      return refuse(ExitCode.USAGE, String.valueOf(e.getMessage()));
    } catch (StartupException | StartException | RefusedException e) {
      return refuse(ExitCode.FAILED, String.valueOf(e.getMessage()));
    } catch (Exception e) {
      return refuse(ExitCode.FAILED, e.toString());
    }
  }

  /// The usual start needs no parser, whose classes cost half of the time to get here (180 ms of
  /// CPU on two cores: they are in a format too old for the start-up cache).
  private static boolean plain(String... args) {
    return args.length == 0 || (args.length == 1 && args[0].equals("serve"));
  }

  private ServeCommand serve() {
    return new ServeCommand(shell, node);
  }

  private List<Command> commands() {
    return List.of(
        serve(),
        new MigrateCommand(shell, new SecureRandom()),
        new DoctorCommand(shell, InstantSource.system()),
        new ConfigCommand(shell),
        new TokenCommand(shell),
        new ImportCommand(shell),
        new ChatCommand(shell),
        new VerifyCommand(shell),
        new RehearseCommand(shell, node));
  }

  private int refuse(int code, String why) {
    shell.complain(why);
    return code;
  }
}
