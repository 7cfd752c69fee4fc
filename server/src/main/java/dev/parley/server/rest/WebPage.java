package dev.parley.server.rest;

import dev.parley.server.rest.http.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/// A file for browsers that lies in the jar.
///
/// @param headers the content security policy and how long to keep it
@SuppressWarnings("ArrayRecordComponent") // Nobody compares or changes it.
record WebPage(String contentType, byte[] bytes, Map<String, String> headers) {
  private static final String STRICT =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src"
          + " 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /// A file that never changes within one version.
  static WebPage load(String resource, String contentType) {
    try (InputStream in = WebPage.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + resource);
      }
      return new WebPage(
          contentType,
          in.readAllBytes(),
          Map.of("Content-Security-Policy", STRICT, "Cache-Control", "public, max-age=3600"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Answer answer() {
    return new Answer(200, headers, new Answer.Body.Bytes(contentType, bytes));
  }
}
