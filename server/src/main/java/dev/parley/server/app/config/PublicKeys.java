package dev.parley.server.app.config;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// Reads public keys in PEM (RFC 7468, section 13: SubjectPublicKeyInfo).
final class PublicKeys {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");
  private static final int MIN_RSA_BITS = 2048;

  private PublicKeys() {}

  /// @throws IllegalArgumentException when there is no key, or one that is weak or of another kind
  static List<PublicKey> parse(String pem) {
    var keys = new ArrayList<PublicKey>();
    var block = BLOCK.matcher(pem);
    while (block.find()) {
      keys.add(key(Base64.getMimeDecoder().decode(block.group(1))));
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("no PUBLIC KEY block");
    }
    return keys;
  }

  private static PublicKey key(byte[] encoded) {
    var spec = new X509EncodedKeySpec(encoded);
    for (var algorithm : List.of("RSA", "Ed25519")) {
      try {
        return requireStrong(KeyFactory.getInstance(algorithm).generatePublic(spec));
      } catch (GeneralSecurityException e) {
        // Of another kind: the next algorithm may know it.
      }
    }
    throw new IllegalArgumentException("neither RSA nor Ed25519");
  }

  private static PublicKey requireStrong(PublicKey key) {
    if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
      throw new IllegalArgumentException("an RSA key under 2048 bits");
    }
    return key;
  }
}
