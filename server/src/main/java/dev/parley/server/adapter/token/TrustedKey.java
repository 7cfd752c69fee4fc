package dev.parley.server.adapter.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import java.security.PublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;

/// A key whose tokens are believed, and all that is pinned with it: a token chooses among the
/// trusted keys, it never brings one along (RFC 8725, sections 3.1 and 3.10).
///
/// @param issuer the only `iss` it may sign for; empty for any issuer but ourselves
/// @param audience the `aud` its tokens must name; empty if they need none
public record TrustedKey(
    JWSVerifier verifier,
    JWSAlgorithm algorithm,
    Optional<String> issuer,
    Optional<String> audience) {
  private static final int MIN_RSA_BITS = 2_048;

  /// A public key of RSA (RS256) or Ed25519 (EdDSA).
  ///
  /// @throws IllegalArgumentException for any other, and for RSA of less than 2048 bits
  public static TrustedKey of(PublicKey key) {
    return switch (key) {
      case RSAPublicKey rsa -> trusted(new RSASSAVerifier(requireStrong(rsa)), JWSAlgorithm.RS256);
      case EdECPublicKey ed -> trusted(new Ed25519Verifier(ed), JWSAlgorithm.EdDSA);
      default -> throw new IllegalArgumentException("neither an RSA nor an Ed25519 public key");
    };
  }

  /// A secret that somebody else signs with too (HS256).
  public static TrustedKey ofSecret(byte[] secret) {
    return new TrustedKey(mac(secret), JWSAlgorithm.HS256, Optional.empty(), Optional.empty());
  }

  /// The own secret as other programs sign with it that share it: their tokens have none of our
  /// marks, and so are judged like those of any other issuer.
  public static TrustedKey shared(OwnKey own) {
    return ofSecret(own.signing());
  }

  /// The same key for one issuer only.
  public TrustedKey issuedBy(String only) {
    return new TrustedKey(verifier, algorithm, Optional.of(only), audience);
  }

  /// The same key for tokens that name this audience.
  public TrustedKey meantFor(String only) {
    return new TrustedKey(verifier, algorithm, issuer, Optional.of(only));
  }

  private static JWSVerifier mac(byte[] secret) {
    try {
      return new MACVerifier(secret);
    } catch (JOSEException e) {
      throw new IllegalArgumentException("HS256 needs a secret of 32 bytes or more", e);
    }
  }

  private static RSAPublicKey requireStrong(RSAPublicKey key) {
    if (key.getModulus().bitLength() < MIN_RSA_BITS) {
      throw new IllegalArgumentException("an RSA key of less than 2048 bits");
    }
    return key;
  }

  private static TrustedKey trusted(JWSVerifier verifier, JWSAlgorithm algorithm) {
    return new TrustedKey(verifier, algorithm, Optional.empty(), Optional.empty());
  }
}
