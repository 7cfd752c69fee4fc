package dev.parley.client.verify;

import dev.parley.client.rest.Login;
import dev.parley.client.rest.RestApi;
import dev.parley.client.rest.Tokens;

/// Somebody whom the verifier signed up. Each client of theirs signs in as a device of its own.
record Account(String userId, String username, String password) {
  private static final String PASSWORD = "verify-every-promise-42";

  static Account signUp(RestApi rest, Patience patience, String username) {
    Login login = patience.get(() -> rest.signUp(username, PASSWORD));
    return new Account(login.userId(), username, PASSWORD);
  }

  Tokens logIn(RestApi rest, Patience patience, String device) {
    return patience.get(() -> rest.logIn(username, password, device)).tokens();
  }
}
