package dev.parley.server.rest;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.identity.Accounts;
import dev.parley.server.domain.identity.Client;
import dev.parley.server.domain.identity.Device;
import dev.parley.server.domain.identity.Devices;
import dev.parley.server.domain.identity.Email;
import dev.parley.server.domain.identity.Login;
import dev.parley.server.domain.identity.NewAccount;
import dev.parley.server.domain.identity.Password;
import dev.parley.server.domain.identity.RefreshToken;
import dev.parley.server.domain.identity.Tickets;
import dev.parley.server.domain.identity.TokenPair;
import dev.parley.server.domain.identity.Tokens;
import dev.parley.server.domain.identity.Username;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Dialect;
import dev.parley.server.rest.http.Verb;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Accounts, their devices and the tokens that prove them.
public final class AuthRoutes {
  private static final Dialect DIALECT = Dialect.ofNative("Identity");
  private static final String AUTH = "/api/v1/auth/";

  private final Accounts accounts;
  private final Tokens tokens;
  private final Devices devices;
  private final Tickets tickets;

  public AuthRoutes(Accounts accounts, Tokens tokens, Devices devices, Tickets tickets) {
    this.accounts = accounts;
    this.tokens = tokens;
    this.devices = devices;
    this.tickets = tickets;
  }

  /// The wish for an account.
  record SignUp(
      String username,
      Password password,
      @Nullable String email,
      @Nullable String displayName,
      @Nullable String deviceName) {}

  /// Somebody who signs in; `username` may be an e-mail address.
  record SignIn(String username, Password password, @Nullable String deviceName) {}

  /// A device that renews its tokens.
  record Renew(RefreshToken refreshToken) {}

  /// Another password.
  record ChangePassword(Password currentPassword, Password newPassword) {}

  /// What a device gets when it signs in or renews.
  record Session(
      UserId userId,
      String username,
      DeviceId deviceId,
      String accessToken,
      String tokenType,
      Instant expiresAt,
      String refreshToken,
      Instant refreshExpiresAt) {}

  /// Your own account.
  record Me(
      UserId userId,
      String username,
      String displayName,
      @Nullable String email,
      DeviceId deviceId,
      Instant createdAt) {}

  /// One place where you are signed in.
  record DeviceView(
      DeviceId deviceId, String name, Instant createdAt, Instant lastSeenAt, boolean current) {}

  /// Your devices.
  record DeviceList(List<DeviceView> devices) {}

  /// Opens one socket.
  record TicketView(String ticket, Instant expiresAt) {}

  public void register(Api api) {
    api.route(DIALECT, Verb.POST, AUTH + "signup", "signUp", "Makes an account and signs you in")
        .takes(SignUp.class)
        .gives(201, Session.class)
        .anonymous(this::signUp);
    api.route(DIALECT, Verb.POST, AUTH + "login", "signIn", "Signs a device in")
        .takes(SignIn.class)
        .gives(200, Session.class)
        .anonymous(this::signIn);
    api.route(DIALECT, Verb.POST, AUTH + "refresh", "renew", "Swaps a refresh token for new tokens")
        .takes(Renew.class)
        .gives(200, Session.class)
        .anonymous(this::renew);
    api.route(DIALECT, Verb.POST, AUTH + "logout", "signOut", "Signs this device out")
        .givesNothing()
        .signedIn(this::signOut);
    api.route(
            DIALECT,
            Verb.POST,
            AUTH + "password",
            "changePassword",
            "Sets another password and signs all other devices out")
        .takes(ChangePassword.class)
        .givesNothing()
        .signedIn(this::changePassword);
    registerMine(api);
  }

  private void registerMine(Api api) {
    api.route(DIALECT, Verb.GET, "/api/v1/me", "getMe", "Your own account")
        .gives(200, Me.class)
        .signedIn(this::me);
    api.route(DIALECT, Verb.GET, "/api/v1/devices", "listDevices", "Where you are signed in")
        .gives(200, DeviceList.class)
        .signedIn(this::devices);
    api.route(
            DIALECT,
            Verb.DELETE,
            "/api/v1/devices/{device_id}",
            "signOutDevice",
            "Signs one of your devices out; its sockets close within a second")
        .givesNothing()
        .signedIn(this::signOutDevice);
    api.route(
            DIALECT,
            Verb.POST,
            "/api/v1/tickets",
            "createTicket",
            "A ticket that opens one socket, once, within 30 seconds")
        .gives(201, TicketView.class)
        .signedIn(this::ticket);
  }

  private Answer signUp(Call call) {
    var wish = call.body(SignUp.class);
    var account =
        new NewAccount(
            new Username(wish.username()),
            Optional.ofNullable(wish.email()).map(Email::new),
            wish.password(),
            Optional.ofNullable(wish.displayName()));
    return Answer.created(session(accounts.signUp(account, client(call, wish.deviceName()))));
  }

  private Answer signIn(Call call) {
    var wish = call.body(SignIn.class);
    var client = client(call, wish.deviceName());
    return Answer.ok(session(accounts.signIn(new Login(wish.username(), wish.password(), client))));
  }

  private Answer renew(Call call) {
    var token = call.body(Renew.class).refreshToken();
    return Answer.ok(session(tokens.refresh(token, call.clientAddress())));
  }

  private Answer signOut(Call call, Principal.Account who) {
    devices.signOut(who, who.deviceId());
    return Answer.done();
  }

  private Answer changePassword(Call call, Principal.Account who) {
    var wish = call.body(ChangePassword.class);
    accounts.changePassword(who, wish.currentPassword(), wish.newPassword(), call.clientAddress());
    return Answer.done();
  }

  private Answer me(Call call, Principal.Account who) {
    var account = accounts.me(who);
    var profile = account.profile();
    return Answer.ok(
        new Me(
            profile.id(),
            profile.username(),
            profile.displayName(),
            account.email().map(Email::value).orElse(null),
            who.deviceId(),
            profile.createdAt()));
  }

  private Answer devices(Call call, Principal.Account who) {
    return Answer.ok(
        new DeviceList(devices.list(who).stream().map(device -> view(device, who)).toList()));
  }

  private Answer signOutDevice(Call call, Principal.Account who) {
    devices.signOut(who, DeviceId.of(call.path("device_id")));
    return Answer.done();
  }

  private Answer ticket(Call call, Principal.Account who) {
    var ticket = tickets.issue(who);
    return Answer.created(new TicketView(ticket.text(), ticket.expiresAt()));
  }

  private static Client client(Call call, @Nullable String deviceName) {
    return new Client(Objects.requireNonNullElse(deviceName, ""), call.clientAddress());
  }

  private static Session session(TokenPair pair) {
    return new Session(
        pair.profile().id(),
        pair.profile().username(),
        pair.device(),
        pair.access().text(),
        "Bearer",
        pair.access().expiresAt(),
        pair.refresh().text(),
        pair.refreshExpiresAt());
  }

  private static DeviceView view(Device device, Principal.Account who) {
    return new DeviceView(
        device.id(),
        device.name(),
        device.createdAt(),
        device.lastSeenAt(),
        device.id().equals(who.deviceId()));
  }
}
