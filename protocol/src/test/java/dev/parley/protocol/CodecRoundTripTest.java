package dev.parley.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecRoundTripTest {
  static Stream<ClientCommand> commands() {
    return Samples.commands();
  }

  static Stream<ServerEvent> events() {
    return Samples.events();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aCommandSurvivesTheWire(ClientCommand command) {
    var text = new String(CommandCodec.encode(command), UTF_8);

    assertThat(CommandCodec.decode(text)).contains(command);
    assertThat(text).doesNotContain("\n");
  }

  @ParameterizedTest
  @MethodSource("events")
  void anEventSurvivesTheWire(ServerEvent event) {
    var text = new String(EventCodec.encode(event), UTF_8);

    assertThat(EventCodec.decode(text)).contains(event);
    assertThat(text).doesNotContain("\n");
  }

  @Test
  void everyRecordHasASample() {
    assertThat(classesOf(Samples.commands())).isEqualTo(records(ClientCommand.class));
    assertThat(classesOf(Samples.events())).isEqualTo(records(ServerEvent.class));
  }

  private static Set<Class<?>> classesOf(Stream<?> samples) {
    return samples.map(Object::getClass).collect(Collectors.toSet());
  }

  /// The records of a sealed family, at any depth.
  private static Set<Class<?>> records(Class<?> family) {
    return Stream.of(family.getPermittedSubclasses())
        .flatMap(type -> type.isSealed() ? records(type).stream() : Stream.of(type))
        .collect(Collectors.toSet());
  }
}
