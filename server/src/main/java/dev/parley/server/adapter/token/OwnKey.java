package dev.parley.server.adapter.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The secret that this server signs with, and what follows from it. All nodes have the same.
public final class OwnKey {
  /// The `iss` of our own tokens; nobody else may use it.
  static final String ISSUER = "parley";

  /// The `typ` of our own access tokens (RFC 9068), so that no other signed thing passes for one.
  static final String TYPE = "at+jwt";

  private static final int MIN_BYTES = 32;
  private static final String HMAC = "HmacSHA256";

  private final byte[] secret;

  /// @param secret 32 bytes or more (RFC 7518, section 3.2)
  public OwnKey(byte[] secret) {
    if (secret.length < MIN_BYTES) {
      throw new IllegalArgumentException("the secret needs " + MIN_BYTES + " bytes or more");
    }
    this.secret = secret.clone();
  }

  byte[] signing() {
    return secret.clone();
  }

  /// A key for another purpose: neither tells anything about the other.
  byte[] derived(String purpose) {
    return hmac(secret, purpose.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] hmac(byte[] key, byte[] text) {
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + HMAC, e);
    }
  }
}
