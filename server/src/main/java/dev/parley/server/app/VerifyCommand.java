package dev.parley.server.app;

import dev.parley.client.Time;
import dev.parley.client.verify.Campaign;
import dev.parley.client.verify.CampaignOptions;
import dev.parley.client.verify.CampaignOptions.Target;
import dev.parley.client.verify.Verify;
import dev.parley.client.verify.VerifyOptions;
import dev.parley.server.app.config.ConfigKey;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// Tries a server under load and says whether it kept its promises of delivery.
final class VerifyCommand implements Command {
  private final Shell shell;

  VerifyCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public String name() {
    return "verify";
  }

  @Override
  public CommandSpec spec() {
    var spec =
        Specs.command(
            name(),
            "Try a server: send and read under cut connections, read everything anew, and count what "
                + "is lost, repeated, out of order or leaked. Exit code 1 unless all is zero. It signs "
                + "up users and founds organizations of its own, which stay.",
            "parley verify --url http://127.0.0.1:8080 --seconds 30",
            "parley verify --campaign kill-server --kills 20 --acked 500000",
            "parley verify --campaign kill-database --kills 20");
    text(
        spec,
        "--url",
        "<address>",
        "The server, or its nodes, separated by commas. Default: http://127.0.0.1:8080");
    number(spec, "--seconds", "How long to send. Default: 30");
    number(spec, "--orgs", "Organizations, at least 2. Default: 2");
    number(spec, "--rooms", "Rooms in all of them together. Default: 10");
    number(spec, "--senders", "Senders. Default: 20");
    number(spec, "--readers", "Readers. Default: 20");
    number(spec, "--rate", "Messages per second and sender. Default: as the answers come");
    number(spec, "--window", "Unanswered messages per sender. Default: 32");
    number(spec, "--cut-every", "Seconds that a connection lives on average. Default: 4");
    number(spec, "--settle", "Seconds that all may take afterwards. Default: 30");
    number(spec, "--seed", "Of all random choices. Default: another one each time; it is printed");
    text(spec, "--history", "<file>", "Write what was seen as JSON lines");
    text(
        spec,
        "--campaign",
        "<what>",
        "Start an own server in a new folder and kill it under load: kill-server or kill-database");
    number(spec, "--kills", "At least so many kills. Default: 20");
    number(spec, "--acked", "At least so many messages acknowledged. Default: 0");
    text(spec, "--folder", "<folder>", "Where the campaign's server keeps its data");
    return spec;
  }

  private static void text(CommandSpec spec, String name, String label, String help) {
    spec.addOption(
        OptionSpec.builder(name).type(String.class).paramLabel(label).description(help).build());
  }

  private static void number(CommandSpec spec, String name, String help) {
    spec.addOption(
        OptionSpec.builder(name).type(Long.class).paramLabel("<number>").description(help).build());
  }

  @Override
  public int run(ParseResult line) throws IOException {
    var campaign = Optional.<String>ofNullable(line.matchedOptionValue("--campaign", null));
    boolean isClean =
        campaign.isPresent() ? campaign(line, target(line, campaign.get())) : verify(line);
    return isClean ? ExitCode.OK : ExitCode.FAILED;
  }

  private boolean verify(ParseResult line) {
    return new Verify(options(line, Specs.urlsOf(line)), Time.system(), shell.out()).run();
  }

  private boolean campaign(ParseResult line, Target target) throws IOException {
    int port = freePort();
    var folder = Optional.<String>ofNullable(line.matchedOptionValue("--folder", null));
    var base =
        folder.isPresent() ? Path.of(folder.get()) : Files.createTempDirectory("parley-campaign");
    var data = Files.createDirectories(base.resolve("data"));
    shell.out().println("the server's folder is " + base);
    var options =
        new CampaignOptions(
            target,
            (int) number(line, "--kills", 20),
            number(line, "--acked", 0),
            Duration.ofSeconds(2),
            Duration.ofSeconds(8),
            serve(port, data),
            settings(),
            data);
    var url = URI.create("http://127.0.0.1:" + port);
    return new Campaign(options(line, List.of(url)), options, Time.system(), shell.out()).run();
  }

  /// The same program as this one, as a server.
  private static List<String> serve(int port, Path data) {
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.startsWith("-Dparley."))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("serve", "--host", "127.0.0.1", "--port", String.valueOf(port)));
    command.addAll(List.of("--data", data.toString()));
    return command;
  }

  /// Whoever runs a campaign may have set all of them for a server of their own.
  private static Set<String> settings() {
    return Arrays.stream(ConfigKey.values())
        .flatMap(ConfigKey::names)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static VerifyOptions options(ParseResult line, List<URI> urls) {
    try {
      return chosen(line, urls);
    } catch (IllegalArgumentException e) {
      throw wrong(line, String.valueOf(e.getMessage()));
    }
  }

  private static VerifyOptions chosen(ParseResult line, List<URI> urls) {
    return new VerifyOptions(
        urls,
        Duration.ofSeconds(number(line, "--seconds", 30)),
        (int) number(line, "--orgs", 2),
        (int) number(line, "--rooms", 10),
        (int) number(line, "--senders", 20),
        (int) number(line, "--readers", 20),
        number(line, "--rate", 0),
        (int) number(line, "--window", 32),
        Duration.ofSeconds(number(line, "--cut-every", 4)),
        Duration.ofSeconds(number(line, "--settle", 30)),
        Optional.<String>ofNullable(line.matchedOptionValue("--history", null)).map(Path::of),
        number(line, "--seed", new SecureRandom().nextInt(1, Integer.MAX_VALUE)));
  }

  private static long number(ParseResult line, String name, long absent) {
    return line.matchedOptionValue(name, absent);
  }

  private static Target target(ParseResult line, String name) {
    return switch (name) {
      case "kill-server" -> Target.SERVER;
      case "kill-database" -> Target.DATABASE;
      default -> throw wrong(line, "--campaign must be kill-server or kill-database");
    };
  }

  private static ParameterException wrong(ParseResult line, String why) {
    return new ParameterException(line.commandSpec().commandLine(), why);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
