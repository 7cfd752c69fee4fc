package dev.parley.server.rest.http;

import java.util.function.Function;

/// How one family of routes behaves where families differ.
///
/// @param name the tag in the API description
/// @param errors how an error is answered
/// @param strict whether unknown fields and repeated names are refused
/// @param unlimited whether it is answered however many ask, here or from one address: a refusal
///   would be taken for an illness of the server
/// @param tokenInQuery whether `?token=` counts like the Authorization header
/// @param bodyBytes the largest body; beyond: `too_large`
public record Dialect(
    String name,
    Function<Problem, Answer> errors,
    boolean strict,
    boolean unlimited,
    boolean tokenInQuery,
    int bodyBytes) {
  /// The largest JSON body of native routes.
  public static final int BODY_BYTES = 64 * 1024;

  /// The same, but `?token=` counts too.
  public Dialect withTokenInQuery() {
    return new Dialect(name, errors, strict, unlimited, true, bodyBytes);
  }

  /// The same, but never refused for the number of requests.
  public Dialect withoutLimit() {
    return new Dialect(name, errors, strict, true, tokenInQuery, bodyBytes);
  }

  /// Whether errors are RFC 9457 problems.
  public boolean speaksProblems() {
    return strict;
  }

  /// The native routes: strict, RFC 9457 problems, tokens in the header only.
  public static Dialect ofNative(String name) {
    return new Dialect(name, Problem::answer, true, false, false, BODY_BYTES);
  }
}
