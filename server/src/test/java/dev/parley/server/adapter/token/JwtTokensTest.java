package dev.parley.server.adapter.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.Ids;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.identity.Profile;
import dev.parley.server.domain.identity.RefreshToken;
import dev.parley.server.testing.TestClock;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JwtTokensTest {
  private static final byte[] SECRET =
      "a secret of at least 32 bytes, for tests only".getBytes(StandardCharsets.UTF_8);
  private static final KeyPair RSA = keys("RSA");
  private static final KeyPair ED = keys("Ed25519");
  private static final UUID ANN = UUID.fromString("0198a000-0000-7000-8000-00000000000a");
  private static final DeviceId PHONE = new DeviceId(new UUID(3, 4));
  private static final Duration LIFETIME = Duration.ofMinutes(15);

  private static final String OWN_HEADER = "{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}";
  private static final String RSA_HEADER = "{\"alg\":\"RS256\",\"typ\":\"JWT\"}";

  private final TestClock clock = new TestClock();
  private final long now = clock.instant().getEpochSecond();
  private final Ids ids = new Ids(clock, new Random(1));
  private final OwnKey own = new OwnKey(SECRET);
  private final JwtTokenIssuer issuer = new JwtTokenIssuer(own, ids, clock);
  private final JwtTokenVerifier verifier =
      new JwtTokenVerifier(
          own, List.of(TrustedKey.of(RSA.getPublic()), TrustedKey.of(ED.getPublic())), clock);

  // --- our own

  @Test
  void verifiesWhatItIssued() {
    var token = issuer.access(profile(), PHONE, LIFETIME);
    var verified = verifier.verify(token.text());
    assertThat(verified.user()).isEqualTo(UserId.account(ANN));
    assertThat(verified.device()).contains(PHONE);
    assertThat(verified.username()).isEqualTo("ann");
    assertThat(verified.issuedAt()).isEqualTo(clock.instant());
    assertThat(verified.expiresAt())
        .isEqualTo(token.expiresAt())
        .isEqualTo(clock.instant().plus(LIFETIME));
  }

  @Test
  void carriesTheClaimsThatOlderClientsRead() {
    var payload = issuer.access(profile(), PHONE, LIFETIME).text().split("\\.")[1];
    assertThat(new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8))
        .contains(
            "\"sub\":\"" + ANN + "\"",
            "\"user_id\":\"" + ANN + "\"",
            "\"username\":\"ann\"",
            "\"user_name\":\"ann\"",
            "\"iss\":\"parley\"",
            "\"iat\":" + now,
            "\"exp\":" + (now + 900),
            "\"jti\":");
  }

  @Test
  void expiresAtTheSecond() {
    var token = issuer.access(profile(), PHONE, LIFETIME).text();
    clock.advance(LIFETIME.minusNanos(1));
    assertThatCode(() -> verifier.verify(token)).doesNotThrowAnyException();
    clock.advance(Duration.ofNanos(1));
    assertThatThrownBy(() -> verifier.verify(token))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.refusal()).isInstanceOf(Refusal.Expired.class));
  }

  @Test
  void anExpiredForgeryIsAForgery() {
    assertUntrusted(hs256(OWN_HEADER, ownClaims("\"exp\":1"), "x".repeat(32).getBytes()));
  }

  @Test
  void aCharacterChangedAnywhereUndoesIt() {
    var token = issuer.access(profile(), PHONE, LIFETIME).text();
    for (int i = 0; i < token.length(); i++) {
      for (char other : new char[] {'A', 'B', 'Q', '_', '=', '.'}) {
        var changed = token.substring(0, i) + other + token.substring(i + 1);
        if (!changed.equals(token)) {
          assertUntrusted(changed);
        }
      }
    }
  }

  @Test
  void refreshTokensAre256BitsAndNoAccessTokens() {
    var token = issuer.refresh();
    assertThat(Base64.getUrlDecoder().decode(token.text())).hasSize(32);
    assertThat(issuer.refresh()).isNotEqualTo(token);
    assertUntrusted(token.text());
  }

  @Test
  void theSuccessorIsAlwaysTheSameAndNeedsTheSecret() {
    var token = new RefreshToken("abc");
    var elsewhere = new JwtTokenIssuer(own, new Ids(clock, new Random(2)), clock);
    var other = new JwtTokenIssuer(new OwnKey("y".repeat(32).getBytes()), ids, clock);
    var next = issuer.successor(token, 0);
    assertThat(next).isEqualTo(elsewhere.successor(token, 0)).isNotEqualTo(token);
    assertThat(next).isNotEqualTo(other.successor(token, 0));
    assertThat(next).isNotEqualTo(issuer.successor(token, 1));
    assertThat(Base64.getUrlDecoder().decode(next.text())).hasSize(32);
  }

  @Test
  void secretsAreNotPrinted() {
    var access = issuer.access(profile(), PHONE, LIFETIME);
    assertThat(access.toString()).doesNotContain(access.text());
    assertThat(issuer.refresh().toString()).isEqualTo("[refresh token]");
  }

  // --- forgeries

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "", "HS384", "ES256", "hs256", "RS512", "PS256"})
  void takesNoOtherAlgorithm(String algorithm) {
    var header = "{\"alg\":\"" + algorithm + "\",\"typ\":\"at+jwt\"}";
    assertUntrusted(hs256(header, ownClaims(), SECRET));
    assertUntrusted(part(header) + "." + part(ownClaims()) + ".");
    assertUntrusted(part(header) + "." + part(ownClaims()));
    assertUntrusted(part(header) + "." + part(ownClaims()) + ".AAAA");
  }

  @Test
  void takesNoPublicKeyForASecret() {
    var pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(RSA.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    for (var key : List.of(pem.getBytes(), RSA.getPublic().getEncoded())) {
      assertUntrusted(hs256("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", trustedClaims(), key));
      assertUntrusted(hs256(OWN_HEADER, ownClaims(), key));
      assertUntrusted(hs256(RSA_HEADER, trustedClaims(), key));
    }
  }

  @Test
  void takesNoSignatureOfZeros() {
    var zeros = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64]);
    for (var algorithm : List.of("ES256", "EdDSA")) {
      var header = part("{\"alg\":\"" + algorithm + "\"}");
      assertUntrusted(header + "." + part(trustedClaims()) + "." + zeros);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"jku\":\"http://127.0.0.1/keys\"",
        "\"x5u\":\"http://127.0.0.1/cert\"",
        "\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}",
        "\"x5c\":[\"AAAA\"]",
        "\"crit\":[\"exp\"]",
        "\"crit\":[\"unknown\"],\"unknown\":1",
        "\"crit\":[]",
        "\"b64\":false",
        "\"zip\":\"DEF\"",
        "\"kid\":\"../../dev/null\"",
        "\"kid\":\"' OR 1=1--\"",
        "\"kid\":\"http://127.0.0.1/\"",
        "\"kid\":7",
        "\"typ\":\"refresh+jwt\"",
        "\"alg\":\"none\""
      })
  void takesNoHeaderThatBringsAKeyOrChangesTheRules(String extra) {
    assertUntrusted(hs256(with(OWN_HEADER, extra), ownClaims(), SECRET));
    assertUntrusted(rs256(with("{\"alg\":\"RS256\"}", extra), trustedClaims()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"JWT", "refresh", "id+jwt", ""})
  void takesNoOtherSignedThingForAnAccessToken(String type) {
    var header = "{\"alg\":\"HS256\",\"typ\":\"" + type + "\"}";
    assertUntrusted(hs256(header, ownClaims(), SECRET));
    assertUntrusted(hs256("{\"alg\":\"HS256\"}", ownClaims(), SECRET));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"exp\":\"4102444800\"",
        "\"exp\":4102444800.5",
        "\"exp\":4.1e9",
        "\"exp\":-1",
        "\"exp\":99999999999999999999",
        "\"exp\":253402300800",
        "\"exp\":null",
        "\"exp\":4102444800,\"exp\":4102444800",
        "\"exp\":4102444800,\"nbf\":4102444700",
        "\"exp\":4102444800,\"nbf\":\"0\"",
        "\"exp\":4102444800,\"iat\":4102444700",
        "\"exp\":4102444800,\"aud\":\"elsewhere\"",
        "\"exp\":4102444800,\"aud\":[\"elsewhere\",7]",
        "\"exp\":4102444800,\"aud\":{\"parley\":1}",
        "\"exp\":4102444800,\"sub\":\"open:ws:ann\"",
        "\"exp\":4102444800,\"a\":{\"b\":1,\"b\":2}",
        "\"exp\":4102444800,\"a\":[[[[[[[[[[]]]]]]]]]]"
      })
  void takesNoTwistedClaims(String claims) {
    var sub = claims.contains("\"sub\"") ? "" : "\"sub\":\"" + ANN + "\",";
    assertUntrusted(rs256(RSA_HEADER, "{" + sub + claims + "}"));
    var rest = sub + "\"iss\":\"parley\",\"did\":\"" + PHONE + "\",";
    assertUntrusted(hs256(OWN_HEADER, "{" + rest + claims + "}", SECRET));
  }

  @Test
  void takesNoIncompleteClaims() {
    assertUntrusted(rs256(RSA_HEADER, "{\"sub\":\"ann\"}"));
    assertUntrusted(rs256(RSA_HEADER, "{\"exp\":4102444800}"));
    assertUntrusted(rs256(RSA_HEADER, "[]"));
    assertUntrusted(rs256(RSA_HEADER, "{\"sub\":\"ann\",\"exp\":4102444800} {}"));
    assertUntrusted(rs256(RSA_HEADER, "{\"sub\":\"\",\"exp\":4102444800}"));
    assertUntrusted(rs256(RSA_HEADER, "{\"sub\":\"a\\u0000b\",\"exp\":4102444800}"));
    assertUntrusted(rs256(RSA_HEADER, "{\"sub\":\"" + "x".repeat(129) + "\",\"exp\":4102444800}"));
    assertUntrusted(
        hs256(
            OWN_HEADER, "{\"iss\":\"parley\",\"sub\":\"" + ANN + "\",\"exp\":4102444800}", SECRET));
    assertUntrusted(
        hs256(
            OWN_HEADER,
            "{\"iss\":\"parley\",\"sub\":\"ann\",\"did\":\"" + PHONE + "\",\"exp\":4102444800}",
            SECRET));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "a.b.c", "a.b.c.d", "e30.e30.e30", " ", "Bearer a.b.c", "\u0000"})
  void takesNothingElse(String text) {
    assertUntrusted(text);
  }

  @Test
  void readsNothingTooLong() {
    assertUntrusted("x".repeat(64 * 1024));
    assertUntrusted(".".repeat(10_000));
    assertUntrusted(
        rs256(RSA_HEADER, with(trustedClaims(), "\"a\":\"" + "x".repeat(8_192) + "\"")));
  }

  @Test
  void forgeriesCostLittle() {
    var forgeries =
        List.of(
            "x".repeat(64 * 1024),
            ".".repeat(10_000),
            rs256(RSA_HEADER, "{\"sub\":\"ann\",\"exp\":\"1\"}"),
            rs256(RSA_HEADER, trustedClaims()) + "A");
    int rounds = 200;
    long start = System.nanoTime();
    IntStream.range(0, rounds).forEach(i -> forgeries.forEach(this::assertUntrusted));
    var each = Duration.ofNanos((System.nanoTime() - start) / (rounds * forgeries.size()));
    assertThat(each).isLessThan(Duration.ofMillis(5));
  }

  // --- issuers that the operator trusts

  @Test
  void believesTheKeysOfTheOperator() {
    for (var token :
        List.of(
            rs256(RSA_HEADER, trustedClaims()),
            rs256("{\"alg\":\"RS256\",\"kid\":\"key-1\"}", trustedClaims()),
            signed("Ed25519", ED, "{\"alg\":\"EdDSA\"}", trustedClaims()))) {
      var verified = verifier.verify(token);
      assertThat(verified.user()).isEqualTo(new UserId("42"));
      assertThat(verified.device()).isEmpty();
      assertThat(verified.username()).isEqualTo("Ann");
      assertThat(verified.issuer()).isEqualTo("your-auth-service");
    }
  }

  @Test
  void takesTheUserFromSubOrElseUserId() {
    assertThat(user("\"sub\":\"ann\",\"user_id\":\"bob\"")).isEqualTo("ann");
    assertThat(user("\"user_id\":\"bob\"")).isEqualTo("bob");
    assertThat(user("\"user_id\":42")).isEqualTo("42");
    assertThat(user("\"sub\":\"0198A000-0000-7000-8000-00000000000A\"")).isEqualTo(ANN.toString());
  }

  @Test
  void nobodyElseMaySpeakForUs() {
    var claims = ownClaims();
    assertUntrusted(rs256(RSA_HEADER, claims));
    assertUntrusted(rs256("{\"alg\":\"RS256\",\"typ\":\"at+jwt\"}", claims));
  }

  @Test
  void ourSecretSpeaksOnlyForUs() {
    assertUntrusted(hs256(OWN_HEADER, trustedClaims(), SECRET));
    assertUntrusted(hs256("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", trustedClaims(), SECRET));
  }

  @Test
  void pinsIssuerAndAudience() {
    var pinned = TrustedKey.of(RSA.getPublic()).issuedBy("idp").meantFor("chat");
    var strict = new JwtTokenVerifier(own, List.of(pinned), clock);
    var header = "{\"alg\":\"RS256\",\"kid\":\"k1\"}";
    var claims = "{\"sub\":\"ann\",\"exp\":4102444800,\"iss\":\"idp\",\"aud\":[\"x\",\"chat\"]}";
    assertThat(strict.verify(rs256(header, claims)).user()).isEqualTo(new UserId("ann"));
    for (var token :
        List.of(
            rs256(header, claims.replace("idp", "other")),
            rs256(header, claims.replace(",\"iss\":\"idp\"", "")),
            rs256(header, claims.replace("\"chat\"", "\"y\"")),
            rs256(header, claims.replace(",\"aud\":[\"x\",\"chat\"]", "")))) {
      assertThatThrownBy(() -> strict.verify(token)).hasMessage("the token is not valid");
    }
  }

  @Test
  void clocksMayDifferByAMinute() {
    var soon = rs256(RSA_HEADER, "{\"sub\":\"a\",\"exp\":4102444800,\"nbf\":" + (now + 60) + "}");
    var later = rs256(RSA_HEADER, "{\"sub\":\"a\",\"exp\":4102444800,\"nbf\":" + (now + 61) + "}");
    assertThat(verifier.verify(soon).user()).isEqualTo(new UserId("a"));
    assertUntrusted(later);
  }

  @Test
  void takesNoWeakKeys() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    var weak = generator.generateKeyPair().getPublic();
    assertThatThrownBy(() -> TrustedKey.of(weak)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TrustedKey.of(keys("EC").getPublic()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new OwnKey(new byte[31])).isInstanceOf(IllegalArgumentException.class);
  }

  private String user(String claims) {
    return verifier.verify(rs256(RSA_HEADER, "{" + claims + ",\"exp\":4102444800}")).user().value();
  }

  private void assertUntrusted(String token) {
    assertThatThrownBy(() -> verifier.verify(token))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e ->
                assertThat(e.refusal())
                    .isEqualTo(new Refusal.Unauthorized("the token is not valid")));
  }

  private static String ownClaims() {
    return ownClaims("\"exp\":4102444800");
  }

  private static String ownClaims(String exp) {
    return "{\"iss\":\"parley\",\"sub\":\"%s\",\"did\":\"%s\",%s}".formatted(ANN, PHONE, exp);
  }

  private static String trustedClaims() {
    return "{\"iss\":\"your-auth-service\",\"sub\":\"42\",\"name\":\"Ann\",\"exp\":4102444800}";
  }

  private static Profile profile() {
    return new Profile(UserId.account(ANN), "ann", "Ann", Instant.EPOCH);
  }

  private static String with(String json, String member) {
    return json.substring(0, json.length() - 1) + "," + member + "}";
  }

  private static String hs256(String header, String claims, byte[] key) {
    var text = part(header) + "." + part(claims);
    return text + "." + part(OwnKey.hmac(key, text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String rs256(String header, String claims) {
    return signed("SHA256withRSA", RSA, header, claims);
  }

  private static String signed(String algorithm, KeyPair keys, String header, String claims) {
    try {
      var text = part(header) + "." + part(claims);
      var signature = Signature.getInstance(algorithm);
      signature.initSign(keys.getPrivate());
      signature.update(text.getBytes(StandardCharsets.US_ASCII));
      return text + "." + part(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String part(String text) {
    return part(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String part(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static KeyPair keys(String algorithm) {
    try {
      return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
