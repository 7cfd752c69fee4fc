package dev.parley.server.gateway;

import dev.parley.server.domain.access.Principal;
import dev.parley.server.gateway.websocket.SocketRules;
import dev.parley.server.gateway.websocket.WebSocket;
import dev.parley.server.gateway.websocket.WebSocketListener;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// A path at which sockets are opened.
///
/// @param template such as `/ws/orgs/{org}/groups/{group}`
/// @param policy who may open one
/// @param subprotocols those that this path speaks
/// @param opener decides about each wish, blocking on a virtual thread
public record SocketRoute(String template, Policy policy, Set<String> subprotocols, Opener opener) {
  /// Who may open a socket. Every route has one.
  public enum Policy {
    /// Whoever proves an account in the handshake.
    TOKEN,
    /// Whoever proves an account, in the handshake or in the first frame, or says a name while the
    /// open realm is switched on; which of these, depends on the kind of client.
    SHARED,
    /// Anybody who only says a name, as long as the open realm is switched on.
    OPEN_REALM,
    /// Anybody; for measuring only, off unless switched on.
    CONFORMANCE;

    /// Refuses to carry out a decision that the policy does not allow: a defect of the opener.
    ///
    /// @throws IllegalStateException if somebody would come in who must not
    void check(Decision decision) {
      boolean allowed =
          switch (decision) {
            case Refuse refuse -> true;
            case AcceptRaw raw -> this == CONFORMANCE;
            case Accept(var principal, var rules, var session) ->
                switch (this) {
                  case TOKEN -> principal.map(Principal.Account.class::isInstance).orElse(false);
                  case SHARED -> true;
                  case OPEN_REALM -> principal.isPresent();
                  case CONFORMANCE -> true;
                };
          };
      if (!allowed) {
        throw new IllegalStateException("the policy " + this + " does not allow this socket");
      }
    }
  }

  /// Decides whether a socket is opened.
  @FunctionalInterface
  public interface Opener {
    /// Decides; a [dev.parley.server.base.RefusedException] becomes an error answer.
    Decision open(SocketCall call);
  }

  /// What becomes of a wish.
  public sealed interface Decision {}

  /// Open it.
  public record Accept(
      Optional<Principal> principal, SocketRules rules, Function<Connection, Session> session)
      implements Decision {}

  /// Open it for somebody who takes the frames as they are, past the sessions of the gateway.
  public record AcceptRaw(SocketRules rules, Function<WebSocket, WebSocketListener> owner)
      implements Decision {}

  /// Answer with an HTTP status instead.
  public record Refuse(int status, String contentType, String body) implements Decision {
    /// A line of plain text, as the seeds' servers answer.
    public static Refuse text(int status, String line) {
      return new Refuse(status, "text/plain; charset=utf-8", line + "\n");
    }
  }
}
