package dev.parley.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.rest.http.Policy;
import dev.parley.server.rest.http.Route;
import dev.parley.server.testing.PostgresExtension;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// The API description says what the routes do, no more and no less.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OpenApiTest {
  private RestFixture rest;
  private JsonNode document;

  @BeforeAll
  void start(Database database) {
    rest = new RestFixture(database);
    document = rest.contract().document();
  }

  @AfterAll
  void stop() throws InterruptedException {
    rest.close();
  }

  @Test
  void everyRouteIsAnOperationAndEveryOperationARoute() {
    var routes =
        rest.api.routes().stream()
            .map(Route::operation)
            .collect(Collectors.toCollection(TreeSet::new));
    var operations = new TreeSet<String>();
    document
        .get("paths")
        .valueStream()
        .flatMap(JsonNode::valueStream)
        .forEach(
            operation -> {
              operations.add(operation.get("operationId").asString());
              if (operation.has("x-open-operation")) {
                operations.add(operation.get("x-open-operation").asString());
              }
            });
    assertThat(operations).isEqualTo(routes);
  }

  @Test
  void theListenerKnowsExactlyTheDocumentedMethods() {
    for (var path : document.get("paths").propertyNames()) {
      var documented =
          document
              .get("paths")
              .get(path)
              .propertyStream()
              .map(entry -> entry.getKey().toUpperCase())
              .collect(Collectors.toCollection(TreeSet::new));
      documented.add("OPTIONS");
      if (documented.contains("GET")) {
        documented.add("HEAD");
      }
      var answer =
          rest.http()
              .send(
                  rest.http()
                      .request(path.replaceAll("\\{[a-z_]+}", "x"))
                      .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
      var allowed =
          new TreeSet<>(
              java.util.List.of(answer.headers().firstValue("Allow").orElse("").split(", ")));
      assertThat(allowed).as(path).isEqualTo(documented);
    }
  }

  @Test
  void everyExampleFitsItsSchema() {
    document
        .at("/components/schemas")
        .propertyStream()
        .forEach(
            entry ->
                entry
                    .getValue()
                    .get("examples")
                    .forEach(
                        example ->
                            assertThat(
                                    rest.contract()
                                        .misfit(entry.getValue(), example, entry.getKey()))
                                .isEmpty()));
  }

  @Test
  void everyFieldAndParameterHasAMeaning() {
    var silent = new ArrayList<String>();
    document
        .at("/components/schemas")
        .propertyStream()
        .forEach(
            schema ->
                schema
                    .getValue()
                    .get("properties")
                    .propertyStream()
                    .filter(field -> !field.getValue().has("description"))
                    .forEach(field -> silent.add(schema.getKey() + "." + field.getKey())));
    document
        .get("paths")
        .valueStream()
        .flatMap(JsonNode::valueStream)
        .forEach(
            operation ->
                operation
                    .path("parameters")
                    .forEach(
                        parameter -> {
                          if (parameter.get("description").equals(parameter.get("name"))) {
                            silent.add(operation.get("operationId") + " " + parameter.get("name"));
                          }
                        }));
    assertThat(silent).isEmpty();
  }

  @Test
  void whatCountsIsAnInteger() {
    document
        .findValues("parameters")
        .forEach(
            parameters ->
                parameters.forEach(
                    parameter -> {
                      var name = parameter.get("name").asString();
                      if (name.equals("limit") || name.endsWith("_seq")) {
                        var schema = parameter.get("schema");
                        assertThat(schema.get("type").asString())
                            .as(parameter.toString())
                            .isEqualTo("integer");
                      }
                    }));
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    document
        .findValues("$ref")
        .forEach(
            reference ->
                assertThat(document.at(reference.asString().substring(1)).isMissingNode())
                    .as(reference.asString())
                    .isFalse());
  }

  @Test
  void onlyTheseAreForAnybody() {
    var open =
        rest.api.routes().stream()
            .filter(route -> route.policy() instanceof Policy.Anonymous)
            .filter(route -> !route.dialect().name().equals("Pages"))
            .map(Route::operation);
    assertThat(open)
        .containsExactlyInAnyOrder(
            "health",
            "ready",
            "live",
            "healthText",
            "healthTextV1",
            "metrics",
            "signUp",
            "signIn",
            "renew");
  }

  @Test
  void allOthersWantAToken() {
    for (var route : rest.api.routes()) {
      if (route.policy().needsToken()) {
        var path = route.path().replaceAll("\\{[a-z_]+}", "00000000-0000-7000-8000-000000000000");
        var request =
            rest.http()
                .request(path)
                .method(route.verb().name(), HttpRequest.BodyPublishers.ofString("{}"));
        assertThat(rest.send(request).statusCode()).as(route.operation()).isEqualTo(401);
      }
    }
  }
}
