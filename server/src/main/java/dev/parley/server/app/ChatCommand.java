package dev.parley.server.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.client.chat.Chat;
import dev.parley.client.chat.ChatOptions;
import dev.parley.client.chat.Screen;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// Chats in the terminal.
final class ChatCommand implements Command {
  private final Shell shell;

  ChatCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public String name() {
    return "chat";
  }

  @Override
  public CommandSpec spec() {
    return Specs.command(
            name(),
            "Chat in the terminal: rooms, history, live messages. Asks who you are the first time.",
            "parley chat",
            "parley chat --user ann --room general",
            "parley chat --url https://chat.example.org")
        .addOption(Specs.url())
        .addOption(
            OptionSpec.builder("--user")
                .type(String.class)
                .paramLabel("<name>")
                .description("Who you are. Default: whoever was here last")
                .build())
        .addOption(
            OptionSpec.builder("--room")
                .type(String.class)
                .paramLabel("<name>")
                .description("Where to begin. Default: the first of your rooms")
                .build());
  }

  @Override
  public int run(ParseResult line) {
    var options =
        new ChatOptions(
            Specs.urlOf(line),
            Optional.ofNullable(line.matchedOptionValue("--user", null)),
            Optional.ofNullable(line.matchedOptionValue("--room", null)),
            folder());
    var in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    var console = shell.terminal() ? System.console() : null;
    var screen = new Screen(in, shell.out(), console, shell.terminal());
    return new Chat(options, screen).run() ? ExitCode.OK : ExitCode.FAILED;
  }

  /// See the XDG Base Directory Specification.
  private Path folder() {
    var configured = shell.environment().get("XDG_CONFIG_HOME");
    var home = Path.of(shell.environment().getOrDefault("HOME", "."));
    var base =
        configured == null || configured.isBlank() ? home.resolve(".config") : Path.of(configured);
    return base.resolve("parley");
  }
}
