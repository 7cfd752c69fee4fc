package dev.parley.server.domain.identity;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.Ids;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.identity.IdentityStore.DeviceState;
import dev.parley.server.domain.identity.IdentityStore.Standing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/// Decides who may come in with an access token, at every request and every handshake: the token
/// must be genuine, the account usable and the device signed in.
///
/// An issuer that the operator trusts may name any account. One that we do not know is made on the
/// spot; all tokens of one issuer for one account count as one device, which can be signed out:
/// then only a token that was issued later opens it again.
public final class Admission {
  private static final int NAME_ATTEMPTS = 3;

  /// How much of a username that is taken stays in its variant, in characters.
  private static final int STEM = 40;

  private final IdentityStore store;
  private final TokenVerifier verifier;
  private final Ids ids;
  private final InstantSource clock;

  public Admission(IdentityStore store, TokenVerifier verifier, Ids ids, InstantSource clock) {
    this.store = store;
    this.verifier = verifier;
    this.ids = ids;
    this.clock = clock;
  }

  /// Whose token this is. Asks the database each time, so a device that was signed out is refused
  /// from the moment of that commit on, on every node.
  ///
  /// @throws RefusedException expired, or unauthorized with the same words for all other reasons
  public Principal.Account admit(String text) {
    var token = verifier.verify(text);
    var device = token.device().orElseGet(() -> deviceOf(token));
    var standing = store.standing(token.user(), device);
    if (standing.map(Standing::disabled).orElse(false)) {
      throw refused();
    }
    if (standing.map(Standing::device).orElse(null) instanceof DeviceState.SignedIn) {
      return principal(token, device, standing.orElseThrow().username());
    }
    if (token.device().isPresent() || signedOutSince(token, standing)) {
      throw refused();
    }
    return makeKnown(token, device);
  }

  private static boolean signedOutSince(VerifiedToken token, Optional<Standing> standing) {
    return standing.map(Standing::device).orElse(null) instanceof DeviceState.SignedOut(var at)
        && !token.issuedAt().isAfter(at);
  }

  /// Another issuer's account keeps its username if it may; otherwise it gets one like it.
  private Principal.Account makeKnown(VerifiedToken token, DeviceId deviceId) {
    var now = clock.instant();
    // As old as its token: the store opens a device again only if it was signed out before that.
    var device = new Device(deviceId, token.issuer(), token.issuedAt(), now);
    var wish = usernameOf(token);
    for (int i = 0; i < NAME_ATTEMPTS; i++) {
      var username = i == 0 ? wish : variant(wish);
      var profile = new Profile(token.user(), username.value(), username.value(), now);
      if (store.admit(new Account(profile, Optional.empty()), username.key(), device)) {
        return store
            .standing(token.user(), deviceId)
            .filter(kept -> kept.device() instanceof DeviceState.SignedIn && !kept.disabled())
            .map(kept -> principal(token, deviceId, kept.username()))
            .orElseThrow(Admission::refused);
      }
    }
    throw refused();
  }

  private static Username usernameOf(VerifiedToken token) {
    try {
      return new Username(token.username());
    } catch (RefusedException e) {
      return new Username("user-" + deviceOf(token).value().toString().substring(0, 8));
    }
  }

  private Username variant(Username wish) {
    var stem =
        wish.value()
            .codePoints()
            .limit(STEM)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
    return new Username(stem + "-" + ids.uuid().toString().substring(24));
  }

  private static Principal.Account principal(
      VerifiedToken token, DeviceId device, String username) {
    return new Principal.Account(token.user(), device, username, token.issuer(), token.expiresAt());
  }

  private static DeviceId deviceOf(VerifiedToken token) {
    try {
      var name = token.issuer() + '\0' + token.user();
      var digest = MessageDigest.getInstance("SHA-256");
      var bytes = ByteBuffer.wrap(digest.digest(name.getBytes(StandardCharsets.UTF_8)));
      // RFC 9562, section 5.8: a UUID of our own making has version 8.
      long high = (bytes.getLong() & ~0xF000L) | 0x8000L;
      long low = (bytes.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
      return new DeviceId(new UUID(high, low));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static RefusedException refused() {
    return Refusal.unauthorized("the token is not valid");
  }
}
