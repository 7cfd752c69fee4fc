package dev.parley.server.adapter.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/// A Lua script that Redis runs, from the resources beside this class.
record Script(String text) {
  /// The text of these files, one after the other.
  static Script of(String... names) {
    return new Script(Arrays.stream(names).map(Script::read).collect(Collectors.joining("\n")));
  }

  private static String read(String name) {
    try (var in = Script.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
