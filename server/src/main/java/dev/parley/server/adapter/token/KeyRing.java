package dev.parley.server.adapter.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import dev.parley.server.domain.identity.Issuer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// All keys that are believed. Which of them must have signed a token follows from `alg` and `iss`,
/// and each key belongs to one algorithm. Nothing that a token says is fetched, opened or looked
/// up.
final class KeyRing {
  /// Headers that bring keys along, or that change what is signed.
  private static final Set<String> REFUSED_HEADERS =
      Set.of("jku", "jwk", "x5u", "x5c", "crit", "b64", "zip", "cty");

  private static final Set<String> TRUSTED_TYPES = Set.of("jwt", OwnKey.TYPE);
  private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._=-]{1,128}");

  private static final Optional<String> GOCHAT = Optional.of(Issuer.GOCHAT.wireName());

  private final TrustedKey own;
  private final List<TrustedKey> trusted;

  KeyRing(OwnKey own, List<TrustedKey> trusted) {
    this.own = TrustedKey.ofSecret(own.signing()).issuedBy(OwnKey.ISSUER);
    this.trusted = List.copyOf(trusted);
  }

  boolean isOwn(TrustedKey key) {
    return key.equals(own);
  }

  /// The key that signed this.
  ///
  /// @throws UntrustedException if none of them did, or the token is of another kind
  TrustedKey signerOf(SignedText text) {
    if (text.header().hasAny(REFUSED_HEADERS)) {
      throw new UntrustedException();
    }
    return candidates(text)
        .filter(key -> key.algorithm().getName().equals(text.header().text("alg").orElse("")))
        .filter(key -> keyIdFits(key, text.header().text("kid")))
        .filter(key -> typeFits(key, text.header().text("typ")))
        .filter(key -> signed(key, text))
        .findFirst()
        .orElseThrow(UntrustedException::new);
  }

  private Stream<TrustedKey> candidates(SignedText text) {
    var issuer = text.claims().text("iss");
    if (issuer.equals(own.issuer())) {
      return Stream.of(own);
    }
    var others =
        trusted.stream().filter(key -> key.issuer().isEmpty() || key.issuer().equals(issuer));
    // Another server of the third seed signs in this name too; only ours have our type.
    return issuer.equals(GOCHAT) ? Stream.concat(Stream.of(own), others) : others;
  }

  /// Our own tokens have no `kid`; for others it decides nothing, because some issuers send one
  /// that nobody needs, but it must be one.
  private boolean keyIdFits(TrustedKey key, Optional<String> keyId) {
    if (isOwn(key)) {
      return keyId.isEmpty();
    }
    return keyId.map(id -> KEY_ID.matcher(id).matches()).orElse(true);
  }

  private boolean typeFits(TrustedKey key, Optional<String> type) {
    var lower = type.map(text -> text.toLowerCase(Locale.ROOT));
    return isOwn(key)
        ? lower.equals(Optional.of(OwnKey.TYPE))
        : lower.map(TRUSTED_TYPES::contains).orElse(true);
  }

  private static boolean signed(TrustedKey key, SignedText text) {
    try {
      var header = new JWSHeader(key.algorithm());
      return key.verifier().verify(header, text.signedBytes(), text.signature());
    } catch (JOSEException e) {
      return false;
    }
  }
}
