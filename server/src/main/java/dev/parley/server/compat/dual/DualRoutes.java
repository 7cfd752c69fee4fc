package dev.parley.server.compat.dual;

import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.compat.SeedError;
import dev.parley.server.domain.identity.Accounts;
import dev.parley.server.domain.identity.Client;
import dev.parley.server.domain.identity.Login;
import dev.parley.server.domain.identity.NewAccount;
import dev.parley.server.domain.identity.Password;
import dev.parley.server.domain.identity.Profile;
import dev.parley.server.domain.identity.TokenPair;
import dev.parley.server.domain.identity.Tokens;
import dev.parley.server.domain.identity.Username;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Dialect;
import dev.parley.server.rest.http.Verb;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The fourth seed's accounts.
public final class DualRoutes {
  private static final Dialect DIALECT =
      new Dialect("Dual", SeedError::answer, false, true, false, Dialect.BODY_BYTES);
  private static final String USERS = "/api/v1/users/";
  private static final String INVALID = "Invalid request body";
  private static final Duration LIFETIME = Duration.ofHours(24);

  private final Accounts accounts;
  private final Tokens tokens;
  private final Dual dual;

  public DualRoutes(Accounts accounts, Tokens tokens, Dual dual) {
    this.accounts = accounts;
    this.tokens = tokens;
    this.dual = dual;
  }

  /// Who somebody is, or wants to be; both fields are required.
  record Proof(@Nullable String username, @Nullable String password) {}

  /// A new account.
  ///
  /// @param id a ULID
  record Registered(String id, String username) {}

  /// A token for the sockets, good for a day.
  ///
  /// @param userId a ULID
  record LoggedIn(String token, String userId, String userName) {}

  public void register(Api api) {
    api.route(DIALECT, Verb.POST, USERS + "register", "register", "Makes an account")
        .takes(Proof.class)
        .gives(201, Registered.class)
        .anonymous(this::register);
    api.route(DIALECT, Verb.POST, USERS + "login", "logIn", "Gives a token for a day")
        .takes(Proof.class)
        .gives(200, LoggedIn.class)
        .anonymous(this::logIn);
  }

  private Answer register(Call call) {
    var proof = proof(call);
    var wish =
        new NewAccount(
            new Username(proof.name()), Optional.empty(), proof.password(), Optional.empty());
    var profile = create(wish, call);
    dual.enrol(profile.id());
    return Answer.created(new Registered(DualFrame.id(profile.id()), profile.username()));
  }

  private Profile create(NewAccount wish, Call call) {
    try {
      return accounts.register(wish, call.clientAddress());
    } catch (RefusedException e) {
      if (e.refusal() instanceof Refusal.Conflict) {
        throw Refusal.conflict("Username is already taken");
      }
      throw e;
    }
  }

  private Answer logIn(Call call) {
    var proof = proof(call);
    var login =
        new Login(proof.name(), proof.password(), new Client("dual server", call.clientAddress()));
    var pair = signIn(login);
    var id = DualFrame.id(pair.profile().id());
    var token = tokens.lasting(pair, LIFETIME, id);
    return Answer.ok(new LoggedIn(token.text(), id, pair.profile().username()));
  }

  private TokenPair signIn(Login login) {
    try {
      return accounts.signIn(login);
    } catch (RefusedException e) {
      if (e.refusal() instanceof Refusal.Unauthorized) {
        throw Refusal.unauthorized("Invalid username or password");
      }
      throw e;
    }
  }

  private static Complete proof(Call call) {
    try {
      var proof = call.body(Proof.class);
      var name = proof.username();
      var password = proof.password();
      if (name != null && !name.isEmpty() && password != null && !password.isEmpty()) {
        return new Complete(name, new Password(password));
      }
    } catch (RefusedException e) {
      // In the seed's own words, below.
    }
    throw Refusal.badRequest(INVALID);
  }

  /// A proof in which nothing is missing.
  private record Complete(String name, Password password) {}
}
