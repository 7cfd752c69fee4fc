package dev.parley.server.app;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The beginnings that all commands share.
final class Specs {
  private Specs() {}

  /// A command with `--help`, a sentence about it and its examples.
  static CommandSpec command(String name, String purpose, String... examples) {
    var spec = CommandSpec.create().name(name).addOption(help());
    spec.usageMessage().description(purpose).sortOptions(false).abbreviateSynopsis(true).width(100);
    if (examples.length > 0) {
      spec.usageMessage().footerHeading("%nExamples:%n").footer(indented(examples));
    }
    return spec;
  }

  private static String[] indented(String... examples) {
    return java.util.Arrays.stream(examples).map(example -> "  " + example).toArray(String[]::new);
  }

  private static OptionSpec help() {
    return OptionSpec.builder("-h", "--help")
        .usageHelp(true)
        .description("Show this help.")
        .build();
  }
}
