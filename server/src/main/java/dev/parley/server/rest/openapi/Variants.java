package dev.parley.server.rest.openapi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Puts two operations into the one place that OpenAPI has for a path and a method: the one for
/// callers with a token, and the one for the open realm. `x-open-operation` names the second.
final class Variants {
  private Variants() {}

  static Map<String, Object> merge(Map<String, Object> one, Map<String, Object> other) {
    boolean oneIsOpen = List.of(Map.of()).equals(one.get("security"));
    var proven = oneIsOpen ? other : one;
    var open = oneIsOpen ? one : other;
    var merged = new LinkedHashMap<>(proven);
    merged.put("x-open-operation", open.get("operationId"));
    merged.put("summary", proven.get("summary") + " / " + open.get("summary"));
    merged.put(
        "description",
        "With a token: " + proven.get("description") + " Without: " + open.get("description"));
    merged.put("security", List.of(Map.of("bearer", List.of()), Map.of()));
    var parameters = new ArrayList<>(list(proven.get("parameters")));
    list(open.get("parameters")).stream()
        .filter(parameter -> !parameters.contains(parameter))
        .forEach(parameters::add);
    if (!parameters.isEmpty()) {
      merged.put("parameters", parameters);
    }
    var body = either(map(proven.get("requestBody")), map(open.get("requestBody")));
    if (!body.isEmpty()) {
      merged.put("requestBody", body);
    }
    merged.put("responses", responses(map(proven.get("responses")), map(open.get("responses"))));
    return merged;
  }

  private static Map<String, Object> responses(Map<String, Object> one, Map<String, Object> other) {
    var all = new TreeMap<>(one);
    other.forEach(
        (status, response) -> all.merge(status, response, (a, b) -> either(map(a), map(b))));
    return all;
  }

  /// A body or response that may have the content of either.
  private static Map<String, Object> either(Map<String, Object> one, Map<String, Object> other) {
    if (one.isEmpty() || other.isEmpty() || one.equals(other)) {
      return one.isEmpty() ? other : one;
    }
    var content = new LinkedHashMap<>(map(one.get("content")));
    map(other.get("content")).forEach((type, media) -> content.merge(type, media, Variants::anyOf));
    var merged = new LinkedHashMap<>(one);
    merged.put("content", content);
    return merged;
  }

  private static Object anyOf(Object one, Object other) {
    return one.equals(other)
        ? one
        : Map.of(
            "schema", Map.of("anyOf", List.of(map(one).get("schema"), map(other).get("schema"))));
  }

  @SuppressWarnings("unchecked") // OpenApi makes maps with string keys only.
  private static Map<String, Object> map(@Nullable Object value) {
    return value == null ? Map.of() : (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked") // OpenApi makes nothing else.
  private static List<Object> list(@Nullable Object value) {
    return value == null ? List.of() : (List<Object>) value;
  }
}
