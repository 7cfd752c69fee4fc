package dev.parley.server.compat.dual;

import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Dialect;
import dev.parley.server.rest.http.Verb;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The fourth seed's page for trying its sockets.
public final class DualPage {
  private static final Dialect DIALECT = Dialect.ofNative("Pages");
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws: wss:;"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final int port;

  /// @param port where the sockets are, as seen from the page's host; 0 if that is not known
  public DualPage(int port) {
    this.port = port;
  }

  public void register(Api api) {
    page(api, "/client", "dualPage", "client.html", "text/html");
    page(api, "/client.js", "dualScript", "client.js", "text/javascript");
    page(api, "/client.css", "dualStyle", "client.css", "text/css");
  }

  private void page(Api api, String path, String operation, String name, String type) {
    var text = load(name).replace("{{PORT}}", Integer.toString(port));
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    api.route(DIALECT, Verb.GET, path, operation, "A page for trying the dual server")
        .givesMedia(200, type)
        .anonymous(
            _ ->
                Answer.bytes(200, type + "; charset=utf-8", bytes)
                    .with("Content-Security-Policy", POLICY));
  }

  private static String load(String name) {
    try (InputStream in = DualPage.class.getResourceAsStream("/compat/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks /compat/" + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
