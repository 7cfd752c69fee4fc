package dev.parley.client.verify;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The content of a message as the verifier writes it: whose it is, its `op`, and something to fill
/// it up.
final class Body {
  private static final Pattern FORM =
      Pattern.compile("org:(\\S{1,64}) op:([0-9a-f-]{36}) .*", Pattern.DOTALL);
  private static final int FILL = 200;
  private static final String SIGNS = "abcdefghijklmnopqrstuvwxyz     \n\"\\/<>&äß€\u2028語";

  private Body() {}

  static String write(String org, UUID op, RandomGenerator random) {
    var text = new StringBuilder("org:").append(org).append(" op:").append(op).append(' ');
    for (int left = random.nextInt(FILL); left > 0; left--) {
      text.append(SIGNS.charAt(random.nextInt(SIGNS.length())));
    }
    return text.toString();
  }

  /// What a content says of itself; null if the verifier did not write it.
  static @Nullable Said read(String content) {
    var form = FORM.matcher(content);
    return form.matches() ? new Said(form.group(1), UUID.fromString(form.group(2))) : null;
  }

  /// The first 64 bits of the SHA-256.
  static long hash(String text) {
    return hash(text.getBytes(StandardCharsets.UTF_8));
  }

  static long hash(byte[] bytes) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// Whose it is, and its `op`.
  record Said(String org, UUID op) {}
}
