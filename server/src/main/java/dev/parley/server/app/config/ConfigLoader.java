package dev.parley.server.app.config;

import dev.parley.server.app.config.Settings.Layer;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

/// Gathers what everybody chose: command line, then environment, then `.env`, then the file, then
/// the defaults.
///
/// `.env` and `parley.properties` are looked for in the working folder, then in the home of the
/// product.
public final class ConfigLoader {
  private static final String DEFAULTS = "default";
  private static final int MAX_FILE_BYTES = 1 << 20;

  private final Map<String, String> environment;
  private final Path folder;
  private final Path home;
  private final boolean terminal;

  /// @param folder the working folder
  /// @param home where the product lies, which is where its data goes
  /// @param terminal whether people watch the output
  public ConfigLoader(Map<String, String> environment, Path folder, Path home, boolean terminal) {
    this.environment = Map.copyOf(environment);
    this.folder = folder.toAbsolutePath();
    this.home = home.toAbsolutePath();
    this.terminal = terminal;
  }

  /// The configuration under these flags of the command line.
  ///
  /// @throws ConfigException on the first setting that cannot be used
  public Config load(Map<ConfigKey, String> flags) {
    return new ConfigReader(settings(flags), home, terminal).config();
  }

  /// Each key with the value that holds and where it comes from, secrets hidden.
  public List<Effective> effective(Map<ConfigKey, String> flags) {
    var settings = settings(flags);
    return Arrays.stream(ConfigKey.values())
        .map(
            key ->
                settings
                    .find(key)
                    .map(
                        s ->
                            new Effective(
                                key,
                                s.shown(),
                                s.name().equals(key.name())
                                    ? s.origin()
                                    : s.origin() + ", as " + s.name()))
                    .orElseGet(() -> new Effective(key, key.standard(), DEFAULTS)))
        .toList();
  }

  /// One key with its value and the origin of that, both fit for printing.
  public record Effective(ConfigKey key, String value, String origin) {}

  private Settings settings(Map<ConfigKey, String> flags) {
    var layers = new ArrayList<Layer>();
    layers.add(
        new Layer(
            "command line",
            folder,
            flags.entrySet().stream()
                .collect(Collectors.toMap(e -> e.getKey().name(), Map.Entry::getValue))));
    layers.add(new Layer("environment", folder, environment));
    dotenv().ifPresent(layers::add);
    file(new Settings(layers)).ifPresent(layers::add);
    return new Settings(layers);
  }

  private Optional<Layer> dotenv() {
    return find(".env")
        .map(
            path ->
                new Layer(
                    path.toString(), parentOf(path), EnvFile.parse(path.toString(), read(path))));
  }

  private Optional<Layer> file(Settings above) {
    var chosen = new ConfigValues(above).file(ConfigKey.PARLEY_CONFIG);
    return chosen.or(() -> find("parley.properties")).map(this::properties);
  }

  private Optional<Path> find(String name) {
    return List.of(folder, home).stream()
        .map(place -> place.resolve(name))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private Layer properties(Path path) {
    var properties = new Properties();
    try {
      properties.load(new StringReader(read(path)));
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigException("%s cannot be read: want a Java properties file".formatted(path));
    }
    var values =
        properties.stringPropertyNames().stream()
            .collect(Collectors.toMap(name -> requireKnown(path, name), properties::getProperty));
    return new Layer(path.toString(), parentOf(path), values);
  }

  /// The file is ours alone, so a name that we do not know is a mistake.
  private static String requireKnown(Path path, String name) {
    if (ConfigKey.named(name).isEmpty()) {
      throw new ConfigException(
          "%s is no key (%s): allowed are those of docs/configuration.md".formatted(name, path));
    }
    return name;
  }

  private static Path parentOf(Path path) {
    return Optional.ofNullable(path.getParent()).orElse(path);
  }

  private static String read(Path path) {
    try {
      if (Files.size(path) > MAX_FILE_BYTES) {
        throw new ConfigException("%s cannot be read: larger than 1 MiB".formatted(path));
      }
      return Files.readString(path);
    } catch (IOException e) {
      throw new ConfigException(
          "%s cannot be read: want a text in UTF-8 that this user may read".formatted(path));
    }
  }
}
