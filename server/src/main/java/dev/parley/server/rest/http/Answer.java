package dev.parley.server.rest.http;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a route answers.
///
/// @param status the HTTP status
/// @param headers what is said besides the content type and the headers that every answer carries
/// @param body the body
public record Answer(int status, Map<String, String> headers, Body body) {
  /// The body of an answer.
  public sealed interface Body {
    /// None.
    record Empty() implements Body {}

    /// Bytes as they are.
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares or changes it.
    record Bytes(String contentType, byte[] bytes) implements Body {}

    /// A record to be written as JSON.
    record Value(Object value) implements Body {}

    /// Bytes that are read while they are written; the stream is closed in the end.
    ///
    /// @param length how many
    record Stream(String contentType, long length, InputStream bytes) implements Body {}

    /// Events until the client goes.
    record Events(EventStream stream) implements Body {}
  }

  /// A JSON body with status 200.
  public static Answer ok(Object value) {
    return json(200, value);
  }

  /// A JSON body with status 201.
  public static Answer created(Object value) {
    return json(201, value);
  }

  /// A JSON body.
  public static Answer json(int status, Object value) {
    return new Answer(status, Map.of(), new Body.Value(value));
  }

  /// Status 204.
  public static Answer done() {
    return new Answer(204, Map.of(), new Body.Empty());
  }

  /// A plain text.
  public static Answer text(int status, String text) {
    return bytes(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /// Bytes of some type.
  public static Answer bytes(int status, String contentType, byte[] bytes) {
    return new Answer(status, Map.of(), new Body.Bytes(contentType, bytes));
  }

  /// Bytes that are read while they are written.
  public static Answer stream(int status, String contentType, long length, InputStream bytes) {
    return new Answer(status, Map.of(), new Body.Stream(contentType, length, bytes));
  }

  /// Events until the client goes.
  public static Answer events(EventStream stream) {
    return new Answer(200, Map.of("X-Accel-Buffering", "no"), new Body.Events(stream));
  }

  /// This answer with one more header, unless the value is null.
  public Answer with(String header, @Nullable String value) {
    if (value == null) {
      return this;
    }
    var more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, body);
  }
}
