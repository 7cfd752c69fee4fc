package dev.parley.server.compat;

import dev.parley.server.gateway.SocketRoute.Refuse;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Json;
import dev.parley.server.rest.http.Problem;
import java.nio.charset.StandardCharsets;

/// An error as clients of the seeds understand it: the superset of what their servers sent.
///
/// @param error the text
/// @param message the same once more
/// @param code the HTTP status
public record SeedError(String error, String message, int code, String requestId) {
  private static final Json JSON = new Json();

  /// The answer over HTTP.
  public static Answer answer(Problem problem) {
    return Answer.json(problem.status(), of(problem));
  }

  /// The answer over HTTP in other words.
  public static Answer answer(Problem problem, String text) {
    return Answer.json(
        problem.status(), new SeedError(text, text, problem.status(), problem.requestId()));
  }

  /// The answer to somebody who wanted a socket.
  public static Refuse refuse(Problem problem) {
    var body = new String(JSON.write(of(problem)), StandardCharsets.UTF_8);
    return new Refuse(problem.status(), "application/json", body);
  }

  private static SeedError of(Problem problem) {
    return new SeedError(problem.detail(), problem.detail(), problem.status(), problem.requestId());
  }
}
