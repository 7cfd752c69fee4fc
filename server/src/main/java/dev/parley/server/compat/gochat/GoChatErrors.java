package dev.parley.server.compat.gochat;

import dev.parley.protocol.ErrorCode;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.compat.SeedError;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Dialect;
import dev.parley.server.rest.http.Problem;
import java.util.function.Function;

/// Errors in the third seed's own words.
final class GoChatErrors {
  /// Routes that anybody may call.
  static final Dialect OPEN = dialect(SeedError::answer);

  /// Routes that want a token.
  static final Dialect GUARDED = dialect(GoChatErrors::guarded);

  private GoChatErrors() {}

  /// The body of a call; a malformed one is told in the seed's own words.
  static <T> T body(Call call, Class<T> type) {
    try {
      return call.body(type);
    } catch (RefusedException e) {
      throw Refusal.badRequest("Invalid request body");
    }
  }

  private static Dialect dialect(Function<Problem, Answer> errors) {
    return new Dialect("GoChat", errors, false, false, false, Dialect.BODY_BYTES);
  }

  private static Answer guarded(Problem problem) {
    return SeedError.answer(problem, words(problem));
  }

  /// Here a 401 is always about the token.
  private static String words(Problem problem) {
    if (problem.status() == ErrorCode.UNAUTHORIZED.httpStatus()) {
      return problem.detail().equals(Call.NO_TOKEN)
          ? "Authorization token required"
          : "Invalid token: " + problem.detail();
    }
    return problem.code().equals(ErrorCode.RATE_LIMITED.wireName())
        ? "Too many requests"
        : problem.detail();
  }
}
