package dev.parley.server.app.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What everybody chose, in layers: the first layer that sets a key wins, whatever spelling it
/// uses.
final class Settings {
  /// One place that values come from.
  ///
  /// @param origin its name in messages
  /// @param folder what relative paths in it start from
  record Layer(String origin, Path folder, Map<String, String> values) {
    private Optional<Setting> find(ConfigKey key) {
      return key.names()
          .filter(name -> !values.getOrDefault(name, "").isBlank())
          .findFirst()
          .map(
              name ->
                  new Setting(key, name, values.getOrDefault(name, "").strip(), origin, folder));
    }
  }

  private final List<Layer> layers;

  Settings(List<Layer> layers) {
    this.layers = List.copyOf(layers);
  }

  /// The value of `key`, if anybody set it.
  Optional<Setting> find(ConfigKey key) {
    return first(key);
  }

  /// The setting that wins among keys which exclude each other: first by layer, then in the order
  /// given.
  Optional<Setting> first(ConfigKey... keys) {
    return layers.stream()
        .flatMap(layer -> List.of(keys).stream().flatMap(key -> layer.find(key).stream()))
        .findFirst();
  }
}
