package dev.parley.server.app;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// The beginnings that all commands share.
final class Specs {
  private static final String DEFAULT_URL = "http://127.0.0.1:8080";

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

  /// The option `--url`, which names the server.
  static OptionSpec url() {
    return OptionSpec.builder("--url")
        .type(String.class)
        .paramLabel("<address>")
        .description("The server. Default: " + DEFAULT_URL)
        .build();
  }

  /// The server that the line names.
  ///
  /// @throws ParameterException unless it is the address of an HTTP server
  static URI urlOf(ParseResult line) {
    return address(line, line.matchedOptionValue("--url", DEFAULT_URL));
  }

  /// The nodes of a server that the line names, separated by commas.
  ///
  /// @throws ParameterException unless each is the address of an HTTP server
  static List<URI> urlsOf(ParseResult line) {
    String text = line.matchedOptionValue("--url", DEFAULT_URL);
    return Arrays.stream(text.split(",", -1)).map(one -> address(line, one.strip())).toList();
  }

  private static URI address(ParseResult line, String text) {
    try {
      var url = new URI(text);
      boolean known = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (known && url.getHost() != null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Said below, like everything that is no address.
    }
    throw new ParameterException(
        line.commandSpec().commandLine(),
        "--url=" + text + ": allowed is an address such as " + DEFAULT_URL);
  }

  private static String[] indented(String... examples) {
    return Arrays.stream(examples).map(example -> "  " + example).toArray(String[]::new);
  }

  private static OptionSpec help() {
    return OptionSpec.builder("-h", "--help")
        .usageHelp(true)
        .description("Show this help.")
        .build();
  }
}
