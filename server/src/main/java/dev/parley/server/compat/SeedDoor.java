package dev.parley.server.compat;

import dev.parley.server.base.Ids;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.gateway.Authenticator;
import dev.parley.server.gateway.Connection;
import dev.parley.server.gateway.SocketCall;
import dev.parley.server.gateway.SocketRoute;
import dev.parley.server.gateway.SocketRoute.Decision;
import dev.parley.server.gateway.websocket.SocketRules;
import dev.parley.server.rest.http.ErrorMapper;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// What the handshakes of the seeds' sockets have in common: errors in their clients' form, and who
/// shows a token.
public record SeedDoor(
    SocketRules rules,
    Authenticator authenticator,
    ErrorMapper errors,
    Ids ids,
    RandomGenerator random,
    InstantSource clock) {
  /// Decides; whatever is thrown becomes an answer that the seeds' clients understand.
  public Decision decide(SocketCall call, SocketRoute.Opener opener) {
    try {
      var decision = opener.open(call);
      if (!call.upgrade()) {
        throw Refusal.badRequest("Bad Request");
      }
      return decision;
    } catch (RuntimeException e) {
      return SeedError.refuse(errors.map(e, ids.uuid().toString()));
    }
  }

  /// The account that a token proves.
  ///
  /// @param complaint what is answered if it proves none
  public Principal.Account account(String token, String complaint) {
    try {
      return authenticator.authenticate(token);
    } catch (RefusedException e) {
      throw Refusal.unauthorized(complaint);
    }
  }

  /// How a session ends for this client when its time is over.
  public Farewell farewell(Connection connection, Principal who) {
    return new Farewell(connection, who, clock, random);
  }
}
