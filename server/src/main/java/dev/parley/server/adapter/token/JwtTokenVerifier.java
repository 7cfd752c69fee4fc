package dev.parley.server.adapter.token;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.Ulid;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.identity.TokenVerifier;
import dev.parley.server.domain.identity.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Judges JSON Web Tokens after RFC 8725: our own, and those of issuers that the operator trusts.
public final class JwtTokenVerifier implements TokenVerifier {
  /// The claim that names the device.
  static final String DEVICE = "did";

  private static final Duration LEEWAY = Duration.ofSeconds(60);
  private static final int MAX_NAME = 128;

  // The last second of the year 9999, up to which a database can count.
  private static final long MAX_SECOND = 253_402_300_799L;
  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");

  private final KeyRing keys;
  private final InstantSource clock;

  /// @param trusted keys of other issuers
  public JwtTokenVerifier(OwnKey own, List<TrustedKey> trusted, InstantSource clock) {
    this.keys = new KeyRing(own, trusted);
    this.clock = clock;
  }

  @Override
  public VerifiedToken verify(String token) {
    try {
      var text = SignedText.parse(token);
      var key = keys.signerOf(text);
      requireBegun(text.claims());
      requireAudience(text.claims(), key);
      return requireUnexpired(read(text.claims(), keys.isOwn(key)));
    } catch (UntrustedException e) {
      throw Refusal.unauthorized("the token is not valid");
    }
  }

  private static VerifiedToken read(StrictJson claims, boolean own) {
    var user = userOf(claims, own);
    return new VerifiedToken(
        user,
        own ? Optional.of(deviceOf(claims)) : Optional.empty(),
        usernameOf(claims).orElse(user.value()),
        nameIn(claims.text("iss")).orElse("trusted issuer"),
        seconds(claims.integer("iat")).orElse(Instant.EPOCH),
        seconds(claims.integer("exp")).orElseThrow(UntrustedException::new));
  }

  /// A token without a beginning has always been good; clocks may differ a little.
  private void requireBegun(StrictJson claims) {
    var soon = clock.instant().plus(LEEWAY);
    boolean early =
        Stream.of("nbf", "iat")
            .flatMap(name -> seconds(claims.integer(name)).stream())
            .anyMatch(begin -> begin.isAfter(soon));
    if (early) {
      throw new UntrustedException();
    }
  }

  /// A token that names an audience is only for those it names (RFC 7519, section 4.1.3).
  private static void requireAudience(StrictJson claims, TrustedKey key) {
    var me = key.audience().orElse(OwnKey.ISSUER);
    boolean mayLackIt = key.audience().isEmpty() && !claims.has("aud");
    if (!mayLackIt && !claims.names("aud", me)) {
      throw new UntrustedException();
    }
  }

  private VerifiedToken requireUnexpired(VerifiedToken token) {
    if (!token.expiresAt().isAfter(clock.instant())) {
      throw new RefusedException(new Refusal.Expired("the token has expired"));
    }
    return token;
  }

  /// Who it is about. Nobody of the open realm: they prove nothing, so no token is about them.
  private static UserId userOf(StrictJson claims, boolean own) {
    var text =
        nameIn(claims.textOrInteger("sub").or(() -> claims.textOrInteger("user_id")))
            .orElseThrow(UntrustedException::new);
    boolean uuid = UUID_TEXT.matcher(text).matches();
    var user =
        Ulid.parse(text)
            .map(UserId::account)
            .orElseGet(() -> new UserId(uuid ? text.toLowerCase(Locale.ROOT) : text));
    if (user.isOpen() || (own && !uuid)) {
      throw new UntrustedException();
    }
    return user;
  }

  private static DeviceId deviceOf(StrictJson claims) {
    return claims
        .text(DEVICE)
        .filter(text -> UUID_TEXT.matcher(text).matches())
        .map(DeviceId::of)
        .orElseThrow(UntrustedException::new);
  }

  private static Optional<String> usernameOf(StrictJson claims) {
    return Stream.of("username", "user_name", "preferred_username", "name")
        .map(claims::text)
        .flatMap(Optional::stream)
        .findFirst()
        .flatMap(name -> nameIn(Optional.of(name)));
  }

  /// A text that can be kept as a name: short, and without control characters.
  private static Optional<String> nameIn(Optional<String> text) {
    return text.filter(name -> !name.isEmpty() && name.length() <= MAX_NAME)
        .filter(name -> name.chars().noneMatch(JwtTokenVerifier::unfit));
  }

  private static boolean unfit(int c) {
    return Character.isISOControl(c) || Character.isSurrogate((char) c);
  }

  private static Optional<Instant> seconds(OptionalLong claim) {
    if (claim.isEmpty()) {
      return Optional.empty();
    }
    long second = claim.getAsLong();
    if (second < 0 || second > MAX_SECOND) {
      throw new UntrustedException();
    }
    return Optional.of(Instant.ofEpochSecond(second));
  }
}
