package dev.parley.client.chat;

import dev.parley.client.chat.Keyring.Kept;
import dev.parley.client.rest.Login;
import dev.parley.client.rest.ProblemException;
import dev.parley.client.rest.RestApi;
import dev.parley.protocol.ErrorCode;
import java.util.Locale;
import java.util.Optional;

/// Gets somebody in: by the key that was kept, by a password, or by making an account.
final class SignIn {
  private static final String DEVICE = "parley chat";

  private final RestApi rest;
  private final Keyring keyring;
  private final Screen screen;

  SignIn(RestApi rest, Keyring keyring, Screen screen) {
    this.rest = rest;
    this.keyring = keyring;
    this.screen = screen;
  }

  /// Empty if the input ended before anybody was signed in.
  Optional<Login> signIn(Optional<String> username) {
    var key = keyring.find(username);
    var login = key.flatMap(this::byKey);
    if (login.isEmpty()) {
      login = byPassword(username.or(() -> key.map(Kept::username)));
    }
    login.ifPresent(keyring::keep);
    return login;
  }

  private Optional<Login> byKey(Kept key) {
    try {
      return Optional.of(
          new Login(key.userId(), key.username(), "", rest.refresh(key.refreshToken())));
    } catch (ProblemException e) {
      if (e.code().temporary()) {
        throw e;
      }
      keyring.forget(key.username());
      screen.note("please sign in again");
      return Optional.empty();
    }
  }

  private Optional<Login> byPassword(Optional<String> known) {
    while (true) {
      var username = known.or(() -> screen.ask("username: "));
      var password = username.flatMap(name -> screen.askSecretly("password: "));
      if (password.isEmpty()) {
        return Optional.empty();
      }
      try {
        var login = enter(username.get(), password.get());
        if (login.isPresent()) {
          return login;
        }
      } catch (ProblemException e) {
        screen.complain(String.valueOf(e.getMessage()));
      }
    }
  }

  private Optional<Login> enter(String username, String password) {
    try {
      return Optional.of(rest.logIn(username, password, DEVICE));
    } catch (ProblemException e) {
      if (e.code() != ErrorCode.UNAUTHORIZED) {
        throw e;
      }
    }
    var answer = screen.ask("no such user, or another password. Make an account? [y/N] ");
    boolean wanted = answer.orElse("").strip().toLowerCase(Locale.ROOT).startsWith("y");
    return wanted ? Optional.of(rest.signUp(username, password)) : Optional.empty();
  }
}
