package dev.parley.server.compat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Tokens as the seeds' own programs make them, with nothing but the JDK.
public final class SeedToken {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private SeedToken() {}

  /// A token of these claims, signed with a secret.
  public static String hs256(String secret, String claims) {
    var signed = signed("HS256", claims);
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return signed + "." + BASE64.encodeToString(mac.doFinal(bytes(signed)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A token of these claims, signed with an RSA key.
  public static String rs256(PrivateKey key, String claims) {
    var signed = signed("RS256", claims);
    try {
      var signer = Signature.getInstance("SHA256withRSA");
      signer.initSign(key);
      signer.update(bytes(signed));
      return signed + "." + BASE64.encodeToString(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A token that nobody signed.
  public static String unsigned(String claims) {
    return signed("none", claims) + ".";
  }

  /// What a token says.
  public static String claims(String token) {
    return new String(
        Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8);
  }

  private static String signed(String algorithm, String claims) {
    var header = "{\"alg\":\"%s\",\"typ\":\"JWT\"}".formatted(algorithm);
    return BASE64.encodeToString(bytes(header)) + "." + BASE64.encodeToString(bytes(claims));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
