package dev.parley.server.compat.gochat;

import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.identity.Accounts;
import dev.parley.server.domain.identity.Client;
import dev.parley.server.domain.identity.Devices;
import dev.parley.server.domain.identity.Email;
import dev.parley.server.domain.identity.Issuer;
import dev.parley.server.domain.identity.Login;
import dev.parley.server.domain.identity.NewAccount;
import dev.parley.server.domain.identity.Password;
import dev.parley.server.domain.identity.RefreshToken;
import dev.parley.server.domain.identity.TokenPair;
import dev.parley.server.domain.identity.Tokens;
import dev.parley.server.domain.identity.Username;
import dev.parley.server.domain.presence.Presence;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Verb;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The third seed's way to an account, which is an account like any other. Its clients know nothing
/// of short-lived tokens, so they get such as are good for a day.
public final class GoChatAuthRoutes {
  private static final Duration LIFETIME = Duration.ofHours(24);
  private static final String AUTH = "/auth/";
  private static final String ALL_THREE = "Username, email, and password are required";
  private static final String BOTH = "Username and password are required";

  private final GoChat chat;
  private final Accounts accounts;
  private final Tokens tokens;
  private final Devices devices;
  private final Presence presence;

  public GoChatAuthRoutes(
      GoChat chat, Accounts accounts, Tokens tokens, Devices devices, Presence presence) {
    this.chat = chat;
    this.accounts = accounts;
    this.tokens = tokens;
    this.devices = devices;
    this.presence = presence;
  }

  /// The wish for an account; all fields are required.
  record Wish(@Nullable String username, @Nullable String email, @Nullable String password) {}

  /// Somebody who signs in, by name or by address.
  record Proof(@Nullable String username, @Nullable String email, @Nullable String password) {}

  /// Somebody who wants another token.
  record Renewal(@Nullable String refreshToken) {}

  /// What a client gets when it signs up, signs in or renews.
  record Session(
      String token,
      String message,
      UserId userId,
      String username,
      Instant expiresAt,
      String refreshToken,
      Instant refreshExpiresAt) {}

  /// That something was done.
  record Said(String message) {}

  public void register(Api api) {
    api.route(GoChatErrors.OPEN, Verb.POST, AUTH + "signup", "chatSignUp", "Makes an account")
        .takes(Wish.class)
        .gives(201, Session.class)
        .anonymous(this::signUp);
    api.route(GoChatErrors.OPEN, Verb.POST, AUTH + "login", "chatSignIn", "Gives a token for a day")
        .takes(Proof.class)
        .gives(200, Session.class)
        .anonymous(this::signIn);
    api.route(GoChatErrors.OPEN, Verb.POST, AUTH + "refresh", "chatRenew", "Gives another token")
        .takes(Renewal.class)
        .gives(200, Session.class)
        .anonymous(this::renew);
    api.route(GoChatErrors.GUARDED, Verb.POST, AUTH + "logout", "chatSignOut", "Ends this token")
        .gives(200, Said.class)
        .signedIn(this::signOut);
    api.route(GoChatErrors.GUARDED, Verb.GET, AUTH + "me", "chatMe", "Your own account")
        .gives(200, GoChatUser.class)
        .signedIn((_, who) -> Answer.ok(me(who)));
  }

  private Answer signUp(Call call) {
    var wish = GoChatErrors.body(call, Wish.class);
    var name = required(wish.username(), ALL_THREE);
    var email = new Email(required(wish.email(), ALL_THREE));
    var secret = new Password(required(wish.password(), ALL_THREE));
    var wanted = new NewAccount(new Username(name), Optional.of(email), secret, Optional.empty());
    var pair = accounts.register(wanted, client(call));
    return Answer.created(session(pair, "User created successfully"));
  }

  private Answer signIn(Call call) {
    var proof = GoChatErrors.body(call, Proof.class);
    var name = isMissing(proof.username()) ? proof.email() : proof.username();
    var login =
        new Login(
            required(name, BOTH), new Password(required(proof.password(), BOTH)), client(call));
    return Answer.ok(session(prove(login), "Logged in successfully"));
  }

  private TokenPair prove(Login login) {
    try {
      return accounts.signIn(login);
    } catch (RefusedException e) {
      if (e.refusal() instanceof Refusal.Unauthorized) {
        throw Refusal.unauthorized("Invalid credentials");
      }
      throw e;
    }
  }

  private Answer renew(Call call) {
    var token =
        required(
            GoChatErrors.body(call, Renewal.class).refreshToken(), "Refresh token is required");
    var pair = tokens.refresh(new RefreshToken(token), call.clientAddress());
    return Answer.ok(session(pair, "Token refreshed successfully"));
  }

  private Answer signOut(Call call, Principal.Account who) {
    devices.signOut(who, who.deviceId());
    return Answer.ok(new Said("Logged out successfully"));
  }

  private GoChatUser me(Principal.Account who) {
    var account = accounts.me(who);
    var profile = account.profile();
    var present = presence.self(who);
    return new GoChatUser(
        profile.id(),
        profile.username(),
        account.email().map(Email::value).orElse(""),
        "",
        GoChatUser.status(present.online()),
        present.lastSeen().orElse(null),
        profile.createdAt());
  }

  private Session session(TokenPair pair, String message) {
    chat.enrol(pair.profile().id());
    var token = tokens.lasting(pair, LIFETIME, Issuer.GOCHAT);
    return new Session(
        token.text(),
        message,
        pair.profile().id(),
        pair.profile().username(),
        token.expiresAt(),
        pair.refresh().text(),
        pair.refreshExpiresAt());
  }

  private static Client client(Call call) {
    return new Client("GoChat", call.clientAddress());
  }

  private static String required(@Nullable String text, String complaint) {
    if (text == null || text.isEmpty()) {
      throw Refusal.badRequest(complaint);
    }
    return text;
  }

  private static boolean isMissing(@Nullable String text) {
    return text == null || text.isEmpty();
  }
}
