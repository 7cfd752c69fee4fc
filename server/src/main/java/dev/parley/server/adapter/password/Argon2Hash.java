package dev.parley.server.adapter.password;

import dev.parley.server.domain.identity.Password;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// One Argon2id hash (RFC 9106, version 1.3). Its text is the PHC string
/// `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`, Base64 without padding.
final class Argon2Hash {
  static final int SALT_BYTES = 16;

  private static final int HASH_BYTES = 32;
  private static final Pattern PHC =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,3})"
              + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

  private final Argon2Cost cost;
  private final byte[] salt;
  private final byte[] hash;

  private Argon2Hash(Argon2Cost cost, byte[] salt, byte[] hash) {
    this.cost = cost;
    this.salt = salt;
    this.hash = hash;
  }

  /// Hashes a password.
  static Argon2Hash of(Password password, Argon2Cost cost, byte[] salt) {
    return new Argon2Hash(cost, salt, digest(password, cost, salt, HASH_BYTES));
  }

  /// Reads a PHC string; empty if it is none, or one that costs too much.
  static Optional<Argon2Hash> parse(String phc) {
    var parts = PHC.matcher(phc);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      var cost = new Argon2Cost(number(parts, 1), number(parts, 2), number(parts, 3));
      return Optional.of(new Argon2Hash(cost, bytes(parts, 4), bytes(parts, 5)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  Argon2Cost cost() {
    return cost;
  }

  /// Compares in a time that does not tell where the difference is.
  boolean matches(Password password) {
    return MessageDigest.isEqual(hash, digest(password, cost, salt, hash.length));
  }

  @Override
  public String toString() {
    var base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            cost.memoryKib(),
            cost.iterations(),
            cost.parallelism(),
            base64.encodeToString(salt),
            base64.encodeToString(hash));
  }

  private static byte[] digest(Password password, Argon2Cost cost, byte[] salt, int length) {
    var parameters =
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(cost.memoryKib())
            .withIterations(cost.iterations())
            .withParallelism(cost.parallelism())
            .withSalt(salt)
            .build();
    var generator = new Argon2BytesGenerator();
    generator.init(parameters);
    var hash = new byte[length];
    generator.generateBytes(password.bytes(), hash);
    return hash;
  }

  private static int number(Matcher parts, int group) {
    return Integer.parseInt(parts.group(group));
  }

  private static byte[] bytes(Matcher parts, int group) {
    return Base64.getDecoder().decode(parts.group(group));
  }
}
