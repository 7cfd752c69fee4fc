package dev.parley.server.adapter.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.parley.server.base.DeviceId;
import dev.parley.server.base.Ids;
import dev.parley.server.domain.identity.AccessToken;
import dev.parley.server.domain.identity.Issuer;
import dev.parley.server.domain.identity.Profile;
import dev.parley.server.domain.identity.RefreshToken;
import dev.parley.server.domain.identity.TokenIssuer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;

/// Makes access tokens as JSON Web Tokens (RFC 7519) with HS256, and refresh tokens that mean
/// nothing.
public final class JwtTokenIssuer implements TokenIssuer {
  private static final int REFRESH_BYTES = 32;
  private static final JWSHeader HEADER =
      new JWSHeader.Builder(JWSAlgorithm.HS256).type(new JOSEObjectType(OwnKey.TYPE)).build();

  private final JWSSigner signer;
  private final byte[] successorKey;
  private final Ids ids;
  private final InstantSource clock;

  /// @param ids of secure randomness
  public JwtTokenIssuer(OwnKey key, Ids ids, InstantSource clock) {
    this.signer = signer(key);
    this.successorKey = key.derived("successors of refresh tokens");
    this.ids = ids;
    this.clock = clock;
  }

  @Override
  public AccessToken access(
      Profile profile, DeviceId device, Duration lifetime, String shownId, Issuer issuer) {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    var expiresAt = now.plus(lifetime);
    // The names twice: clients of the older systems read user_id, or username, or user_name.
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer.wireName())
            .subject(profile.id().value())
            .claim("user_id", shownId)
            .claim("username", profile.username())
            .claim("user_name", profile.username())
            .claim(JwtTokenVerifier.DEVICE, device.toString())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(expiresAt))
            .jwtID(ids.uuid().toString())
            .build();
    return new AccessToken(sign(claims), expiresAt);
  }

  @Override
  public RefreshToken refresh() {
    return refreshToken(ids.secret(REFRESH_BYTES));
  }

  @Override
  public RefreshToken successor(RefreshToken token, int attempt) {
    var text = (token.text() + '.' + attempt).getBytes(StandardCharsets.UTF_8);
    return refreshToken(OwnKey.hmac(successorKey, text));
  }

  private String sign(JWTClaimsSet claims) {
    try {
      var token = new SignedJWT(HEADER, claims);
      token.sign(signer);
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("an access token could not be signed", e);
    }
  }

  private static RefreshToken refreshToken(byte[] bytes) {
    return new RefreshToken(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  private static JWSSigner signer(OwnKey key) {
    try {
      return new MACSigner(key.signing());
    } catch (JOSEException e) {
      throw new IllegalArgumentException("the secret is too short for HS256", e);
    }
  }
}
