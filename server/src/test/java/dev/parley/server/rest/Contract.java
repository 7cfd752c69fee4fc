package dev.parley.server.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Holds answers against the API description: the status and the media type must be documented and
/// the body must fit its schema.
public record Contract(JsonNode document) {
  private static final JsonMapper JSON = new JsonMapper();

  public static Contract of(String document) {
    return new Contract(JSON.readTree(document));
  }

  public void check(HttpResponse<String> response) {
    if (response.statusCode() == 414 || response.statusCode() == 431) {
      // The head was too long to be read, so no route was reached.
      return;
    }
    var method = response.request().method().toLowerCase();
    operation(method, response.uri().getRawPath())
        .ifPresent(operation -> check(operation, response));
  }

  /// The operation of a path; literal templates win.
  Optional<JsonNode> operation(String method, String path) {
    var templates =
        document.get("paths").propertyNames().stream()
            .filter(template -> matches(template, path))
            .filter(template -> document.get("paths").get(template).has(method))
            .sorted((a, b) -> Boolean.compare(a.contains("{"), b.contains("{")))
            .toList();
    return templates.isEmpty()
        ? Optional.empty()
        : Optional.of(document.get("paths").get(templates.getFirst()).get(method));
  }

  /// What is wrong with a value; empty if it fits the schema.
  public Optional<String> misfit(JsonNode schema, JsonNode value, String where) {
    if (schema.has("$ref")) {
      return misfit(resolve(schema.get("$ref").asString()), value, where);
    }
    if (schema.has("anyOf")) {
      return schema.get("anyOf").valueStream().anyMatch(s -> misfit(s, value, where).isEmpty())
          ? Optional.empty()
          : Optional.of(where + " fits nothing of anyOf: " + value);
    }
    if (schema.has("enum")
        && schema.get("enum").valueStream().noneMatch(allowed -> allowed.equals(value))) {
      return Optional.of(where + " is not one of " + schema.get("enum") + ": " + value);
    }
    if (schema.has("type") && !hasType(schema.get("type").asString(), value)) {
      return Optional.of(where + " is no " + schema.get("type") + ": " + value);
    }
    if (value.isObject()) {
      return misfitObject(schema, value, where);
    }
    return value.isArray() && schema.has("items")
        ? first(
            value
                .valueStream()
                .map(item -> misfit(schema.get("items"), item, where + "[]"))
                .toList())
        : Optional.empty();
  }

  private void check(JsonNode operation, HttpResponse<String> response) {
    var status = Integer.toString(response.statusCode());
    var responses = operation.get("responses");
    var documented = responses.has(status) ? responses.get(status) : responses.get("default");
    if (documented == null) {
      fail(
          "%s answers %s, which is not documented: %s",
          operation.get("operationId"), status, response.body());
    }
    if (documented.has("$ref")) {
      documented = resolve(documented.get("$ref").asString());
    }
    var type = response.headers().firstValue("Content-Type").orElse("").split(";")[0];
    if (!documented.has("content")) {
      return;
    }
    var media = documented.get("content").get(type);
    assertThat(media)
        .as("media type %s of %s %s", type, operation.get("operationId"), status)
        .isNotNull();
    if (type.endsWith("json") && media.has("schema")) {
      var body = JSON.readTree(response.body());
      assertThat(misfit(media.get("schema"), body, operation.get("operationId").asString()))
          .isEmpty();
    }
  }

  private Optional<String> misfitObject(JsonNode schema, JsonNode value, String where) {
    for (var required : schema.path("required")) {
      if (!value.has(required.asString())) {
        return Optional.of(where + " lacks " + required);
      }
    }
    var properties = schema.path("properties");
    return first(
        value
            .propertyStream()
            .map(
                entry ->
                    properties.has(entry.getKey())
                        ? misfit(
                            properties.get(entry.getKey()),
                            entry.getValue(),
                            where + "." + entry.getKey())
                        : properties.isMissingNode()
                            ? Optional.<String>empty()
                            : Optional.of(where + " has an undocumented " + entry.getKey()))
            .toList());
  }

  private JsonNode resolve(String reference) {
    return document.at(reference.substring(1));
  }

  private static Optional<String> first(List<Optional<String>> misfits) {
    return misfits.stream().flatMap(Optional::stream).findFirst();
  }

  private static boolean hasType(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isString();
      case "integer" -> value.isIntegralNumber();
      case "boolean" -> value.isBoolean();
      default -> throw new IllegalArgumentException(type);
    };
  }

  private static boolean matches(String template, String path) {
    var pattern = new StringBuilder();
    for (var segment : template.split("/", -1)) {
      pattern.append('/').append(segment.startsWith("{") ? "[^/]+" : Pattern.quote(segment));
    }
    return path.matches(pattern.substring(1));
  }
}
