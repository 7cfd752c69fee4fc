package dev.parley.server.adapter.password;

/// What one Argon2id hash costs.
///
/// @param memoryKib memory, in KiB
/// @param iterations passes over the memory
/// @param parallelism lanes
public record Argon2Cost(int memoryKib, int iterations, int parallelism) {
  /// OWASP's password storage cheat sheet: 19 MiB, two passes, one lane.
  public static final Argon2Cost OWASP = new Argon2Cost(19_456, 2, 1);

  // Beyond these a kept hash is not verified: whoever wrote it must not be able to stop the server.
  private static final int MAX_MEMORY_KIB = 256 * 1024;
  private static final int MAX_ITERATIONS = 16;
  private static final int MAX_PARALLELISM = 16;

  public Argon2Cost {
    boolean bounded =
        parallelism >= 1
            && parallelism <= MAX_PARALLELISM
            && iterations >= 1
            && iterations <= MAX_ITERATIONS
            && memoryKib >= 8 * parallelism
            && memoryKib <= MAX_MEMORY_KIB;
    if (!bounded) {
      throw new IllegalArgumentException("the cost of an Argon2id hash is out of bounds");
    }
  }
}
