package dev.parley.server.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.CloseCode;
import dev.parley.protocol.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The pages say what the code does: every word of the wire stands in docs/protocol, every link
/// leads somewhere, every package has its duty.
final class ProtocolPagesTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path PROTOCOL = ROOT.resolve("docs/protocol");
  private static final Path CODECS = ROOT.resolve("protocol/src/main/java/dev/parley/protocol");
  private static final Pattern TYPE = Pattern.compile("case \"([a-z_]+)\"(?:, \"([a-z_]+)\")? ->");
  private static final Pattern LINK = Pattern.compile("]\\((?!https?:|#)([^)#]+)(?:#[^)]*)?\\)");

  @Test
  void everyCommandHasItsLine() {
    assertThat(read(PROTOCOL.resolve("commands.md")))
        .contains(ticked(typesOf("CommandCodec.java")));
  }

  @Test
  void everyEventHasItsLine() {
    assertThat(read(PROTOCOL.resolve("events.md"))).contains(ticked(typesOf("EventCodec.java")));
  }

  @Test
  void everyCodeHasItsLine() {
    var page = read(PROTOCOL.resolve("codes.md"));
    for (var code : ErrorCode.values()) {
      assertThat(page).contains("| `" + code.wireName() + "` | " + code.httpStatus());
      assertThat(page).contains(code.advice());
    }
    for (var code : CloseCode.values()) {
      assertThat(page).contains("| " + code.number() + " |");
    }
  }

  @Test
  void everyLinkLeadsSomewhere() {
    for (var page : files(ROOT, ".md")) {
      var matcher = LINK.matcher(read(page));
      while (matcher.find()) {
        assertThat(page.resolveSibling(matcher.group(1)).normalize())
            .as("a link in %s", ROOT.relativize(page))
            .exists();
      }
    }
  }

  @Test
  void everyPackageHasItsDuty() {
    for (var module : List.of("protocol", "client", "server", "bench")) {
      var sources = ROOT.resolve(module).resolve("src/main/java");
      for (var source : Files.isDirectory(sources) ? files(sources, ".java") : List.<Path>of()) {
        assertThat(source.resolveSibling("package-info.java")).exists().content().contains("///");
      }
    }
  }

  private static List<String> typesOf(String codec) {
    return TYPE.matcher(read(CODECS.resolve(codec)))
        .results()
        .flatMap(m -> Stream.of(m.group(1), m.group(2)))
        .filter(name -> name != null)
        .distinct()
        .toList();
  }

  private static List<String> ticked(List<String> names) {
    assertThat(names).hasSizeGreaterThan(10);
    return names.stream().map(name -> "`" + name + "`").toList();
  }

  private static List<Path> files(Path folder, String ending) {
    try (var all = Files.walk(folder)) {
      return all.filter(path -> path.toString().endsWith(ending))
          .filter(path -> !path.toString().contains("/target/"))
          .filter(path -> !path.toString().contains("/node_modules/"))
          .filter(path -> !ROOT.relativize(path).toString().startsWith("data"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
