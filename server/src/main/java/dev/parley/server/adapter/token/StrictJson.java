package dev.parley.server.adapter.token;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One JSON object of a token. Unlike most readers it refuses a name that comes twice, anything
/// after the object, and numbers where texts belong: two readers must never read two things.
final class StrictJson {
  private static final int MAX_DEPTH = 8;
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final JsonNode object;

  private StrictJson(JsonNode object) {
    this.object = object;
  }

  /// @throws UntrustedException if it is not exactly one object
  static StrictJson parse(byte[] json) {
    try {
      var node = MAPPER.readTree(json);
      if (node.isObject()) {
        return new StrictJson(node);
      }
    } catch (JacksonException e) {
      // Untrusted, like anything else that is no object.
    }
    throw new UntrustedException();
  }

  boolean hasAny(Set<String> names) {
    return names.stream().anyMatch(object::has);
  }

  /// @throws UntrustedException if it is there and no text
  Optional<String> text(String name) {
    var value = object.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isString()) {
      throw new UntrustedException();
    }
    return Optional.of(value.stringValue());
  }

  /// A text, or an integer in its decimal form.
  ///
  /// @throws UntrustedException if it is there and neither
  Optional<String> textOrInteger(String name) {
    var value = object.get(name);
    return value != null && value.isIntegralNumber() && value.canConvertToLong()
        ? Optional.of(Long.toString(value.longValue()))
        : text(name);
  }

  /// @throws UntrustedException if it is there and no integer that is written as one
  OptionalLong integer(String name) {
    var value = object.get(name);
    if (value == null) {
      return OptionalLong.empty();
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new UntrustedException();
    }
    return OptionalLong.of(value.longValue());
  }

  /// Whether a text or a list of texts names this one.
  boolean names(String name, String wanted) {
    var value = object.path(name);
    if (value.isString()) {
      return value.stringValue().equals(wanted);
    }
    return value.valueStream().anyMatch(one -> one.isString() && one.stringValue().equals(wanted));
  }

  boolean has(String name) {
    return object.has(name);
  }
}
