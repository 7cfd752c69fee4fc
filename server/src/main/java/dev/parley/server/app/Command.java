package dev.parley.server.app;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// One thing that `parley` can be asked to do.
interface Command {
  /// Its name on the command line.
  String name();

  /// Its options and its help.
  CommandSpec spec();

  /// Does it, and returns the exit code: one of [ExitCode].
  int run(ParseResult line) throws Exception;
}
