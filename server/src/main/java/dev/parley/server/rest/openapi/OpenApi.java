package dev.parley.server.rest.openapi;

import dev.parley.server.rest.http.Policy;
import dev.parley.server.rest.http.Problem;
import dev.parley.server.rest.http.Route;
import dev.parley.server.rest.http.Verb;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// The API description (OpenAPI 3.1), made from the routes, so that it cannot say anything else
/// than they do.
public final class OpenApi {
  private final Schemas schemas = new Schemas();
  private final String version;

  /// @param version the version of the product
  public OpenApi(String version) {
    this.version = version;
  }

  /// The whole document.
  public Map<String, Object> document(List<Route> routes) {
    var paths = new LinkedHashMap<String, Map<String, Object>>();
    var tags = new TreeSet<String>();
    for (var route : routes) {
      tags.add(route.dialect().name());
      paths
          .computeIfAbsent(route.path(), _ -> new LinkedHashMap<>())
          .merge(
              route.verb().name().toLowerCase(Locale.ROOT),
              operation(route),
              (one, other) -> Variants.merge(asMap(one), asMap(other)));
    }
    var document = new LinkedHashMap<String, Object>();
    document.put("openapi", "3.1.0");
    document.put("info", info());
    document.put("servers", List.of(Map.of("url", "/")));
    document.put("tags", tags.stream().map(tag -> Map.of("name", tag)).toList());
    document.put("paths", paths);
    document.put("components", components());
    return document;
  }

  private Map<String, Object> info() {
    var info = new LinkedHashMap<String, Object>();
    info.put("title", "Parley");
    info.put("version", version);
    info.put(
        "description",
        "A durable, ordered real-time workspace. What is answered with 2xx is committed. Errors are"
            + " RFC 9457 problems with a stable `code`.");
    info.put("license", Map.of("name", "Apache-2.0", "identifier", "Apache-2.0"));
    return info;
  }

  private Map<String, Object> components() {
    var problem = schemas.reference(Problem.class, false);
    var components = new LinkedHashMap<String, Object>();
    components.put("schemas", schemas.all());
    components.put(
        "responses",
        Map.of(
            "Problem",
            Map.of(
                "description",
                "An error",
                "content",
                Map.of(Problem.MEDIA_TYPE, Map.of("schema", problem)))));
    components.put(
        "securitySchemes",
        Map.of("bearer", Map.of("type", "http", "scheme", "bearer", "bearerFormat", "JWT")));
    return components;
  }

  private Map<String, Object> operation(Route route) {
    var operation = new LinkedHashMap<String, Object>();
    operation.put("operationId", route.operation());
    operation.put("tags", List.of(route.dialect().name()));
    operation.put("summary", route.doc().summary());
    operation.put("description", who(route.policy()));
    operation.put(
        "security", List.of(route.policy().needsToken() ? Map.of("bearer", List.of()) : Map.of()));
    var parameters = parameters(route);
    if (!parameters.isEmpty()) {
      operation.put("parameters", parameters);
    }
    route.doc().takes().ifPresent(type -> operation.put("requestBody", requestBody(route, type)));
    if (route.doc().upload()) {
      operation.put("requestBody", upload());
    }
    operation.put("responses", responses(route));
    return operation;
  }

  private static String who(Policy policy) {
    return switch (policy) {
      case Policy.Anonymous() -> "For anybody.";
      case Policy.OpenRealm() -> "For anybody, while the open realm is on.";
      case Policy.SignedIn() -> "For every account.";
      case Policy.InOrg(var least) ->
          "For members of the organization from the role " + least.wireName() + " up.";
      case Policy.MayLook() ->
          "For members of the room, and for a public room all of its organization.";
      case Policy.InRoom(var least) ->
          "For members of the room from the role " + least.wireName() + " up.";
    };
  }

  private static List<Object> parameters(Route route) {
    var parameters = new ArrayList<Object>();
    for (var name : route.parameters()) {
      parameters.add(parameter("path", name, meaning(name), true));
    }
    route
        .doc()
        .query()
        .forEach(
            (n, text) -> {
              var parameter = parameter("query", n, text, false);
              if (route.doc().numbers().contains(n)) {
                parameter.put("schema", Map.of("type", "integer", "format", "int64", "minimum", 0));
              }
              parameters.add(parameter);
            });
    route.doc().headers().forEach((n, text) -> parameters.add(parameter("header", n, text, false)));
    return parameters;
  }

  private static String meaning(String name) {
    return Vocabulary.find(name).map(Vocabulary.Word::meaning).orElse(name);
  }

  private static Map<String, Object> parameter(
      String in, String name, String description, boolean required) {
    var parameter = new LinkedHashMap<String, Object>();
    parameter.put("name", name);
    parameter.put("in", in);
    parameter.put("required", required);
    parameter.put("description", description);
    parameter.put("schema", Map.of("type", "string"));
    Vocabulary.find(name)
        .filter(_ -> required)
        .ifPresent(word -> parameter.put("example", String.valueOf(word.example())));
    return parameter;
  }

  private Map<String, Object> requestBody(Route route, Class<?> type) {
    var schema = schemas.reference(type, route.dialect().strict());
    return Map.of("required", true, "content", json(schema));
  }

  private static Map<String, Object> upload() {
    var bytes = Map.of("type", "string", "format", "binary");
    var form =
        Map.of("type", "object", "required", List.of("file"), "properties", Map.of("file", bytes));
    return Map.of(
        "required",
        true,
        "content",
        Map.of(
            "multipart/form-data",
            Map.of("schema", form),
            "application/octet-stream",
            Map.of("schema", bytes)));
  }

  private Map<String, Object> responses(Route route) {
    var responses = new TreeMap<String, Object>();
    route
        .doc()
        .gives()
        .forEach((status, given) -> responses.put(status.toString(), response(given)));
    if (route.dialect().speaksProblems()) {
      problems(route)
          .forEach(
              status ->
                  responses.putIfAbsent(status, Map.of("$ref", "#/components/responses/Problem")));
    } else {
      responses.put("default", Map.of("description", "An error, as the seed's clients know it"));
    }
    return responses;
  }

  private Map<String, Object> response(List<Route.Given> given) {
    var content = new LinkedHashMap<String, Object>();
    for (var one : given) {
      switch (one) {
        case Route.Given.Nothing() -> {
          // No content.
        }
        case Route.Given.One(var type) -> content.putAll(json(schemas.reference(type, false)));
        case Route.Given.Many(var element) ->
            content.putAll(
                json(Map.of("type", "array", "items", schemas.reference(element, false))));
        case Route.Given.Media(var type) -> {
          var shape = type.endsWith("json") ? "object" : "string";
          content.put(type, Map.of("schema", Map.of("type", shape)));
        }
      }
    }
    return content.isEmpty()
        ? Map.of("description", "Done")
        : Map.of("description", "The answer", "content", content);
  }

  private static List<String> problems(Route route) {
    var statuses = new ArrayList<>(List.of("400", "429", "500", "503", "507"));
    if (route.policy().needsToken()) {
      statuses.add("401");
    }
    if (!route.parameters().isEmpty()) {
      statuses.addAll(List.of("403", "404"));
    }
    if (route.verb() != Verb.GET) {
      statuses.addAll(List.of("401", "403", "404", "408", "409", "413", "415"));
    }
    return statuses;
  }

  private static Map<String, Object> json(Map<String, Object> schema) {
    return Map.of("application/json", Map.of("schema", schema));
  }

  @SuppressWarnings("unchecked") // operation() makes nothing else.
  private static Map<String, Object> asMap(Object operation) {
    return (Map<String, Object>) operation;
  }
}
