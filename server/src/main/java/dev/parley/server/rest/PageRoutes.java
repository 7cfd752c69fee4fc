package dev.parley.server.rest;

import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Dialect;
import dev.parley.server.rest.http.Json;
import dev.parley.server.rest.http.Verb;
import dev.parley.server.rest.openapi.OpenApi;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.function.Supplier;

/// Serves what people look at with a browser: the landing page, and the API description rendered by
/// Swagger UI from this server alone.
public final class PageRoutes {
  private static final Dialect DIALECT = Dialect.ofNative("Pages");
  private static final String SWAGGER = "/META-INF/resources/webjars/swagger-ui/";

  private final String version;

  /// @param version the version of the product
  public PageRoutes(String version) {
    this.version = version;
  }

  public void register(Api api) {
    page(api, "/", "landingPage", "landing.html", "text/html");
    page(api, "/landing.css", "landingStyle", "landing.css", "text/css");
    page(api, "/landing.js", "landingScript", "landing.js", "text/javascript");
    page(api, "/docs", "docsPage", "docs.html", "text/html");
    page(api, "/docs/start.js", "docsStart", "docs.js", "text/javascript");
    var swagger = SWAGGER + swaggerVersion() + "/";
    file(api, "/docs/swagger-ui.css", "docsStyle", swagger + "swagger-ui.css", "text/css");
    file(
        api,
        "/docs/swagger-ui.js",
        "docsScript",
        swagger + "swagger-ui-bundle.js",
        "text/javascript");
    description(api);
  }

  private void description(Api api) {
    Supplier<byte[]> document =
        new Once<>(() -> new Json().write(new OpenApi(version).document(api.routes())));
    api.route(DIALECT, Verb.GET, "/openapi.json", "openapi", "This description")
        .givesMedia(200, "application/json")
        .anonymous(_ -> Answer.bytes(200, "application/json", document.get()));
  }

  private static void page(Api api, String path, String operation, String name, String type) {
    file(api, path, operation, "/rest/" + name, type);
  }

  private static void file(Api api, String path, String operation, String resource, String type) {
    Supplier<WebPage> page = new Once<>(() -> WebPage.load(resource, type + "; charset=utf-8"));
    api.route(DIALECT, Verb.GET, path, operation, "A page for people")
        .givesMedia(200, type)
        .anonymous(_ -> page.get().answer());
  }

  private static String swaggerVersion() {
    var properties = new Properties();
    try (InputStream in =
        PageRoutes.class.getResourceAsStream(
            "/META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks Swagger UI");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "");
  }
}
