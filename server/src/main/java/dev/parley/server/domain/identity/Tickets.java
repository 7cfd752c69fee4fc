package dev.parley.server.domain.identity;

import dev.parley.server.base.Ids;
import dev.parley.server.base.Refusal;
import dev.parley.server.domain.access.Principal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;

/// What one can do with tickets.
public final class Tickets {
  /// How long a ticket is good for.
  public static final Duration LIFETIME = Duration.ofSeconds(30);

  private static final int BYTES = 24;

  private final TicketStore store;
  private final Ids ids;
  private final InstantSource clock;

  public Tickets(TicketStore store, Ids ids, InstantSource clock) {
    this.store = store;
    this.ids = ids;
    this.clock = clock;
  }

  /// A new ticket for whoever proved the account.
  public Ticket issue(Principal.Account holder) {
    var now = clock.instant();
    var text = Base64.getUrlEncoder().withoutPadding().encodeToString(ids.secret(BYTES));
    var ticket = new Ticket(text, now.plus(LIFETIME));
    store.keep(Ticket.hash(text), holder, ticket.expiresAt(), now);
    return ticket;
  }

  /// Who got this ticket, with the rights and the ending of the token that it was got with.
  ///
  /// @throws dev.parley.server.base.RefusedException unauthorized, also for a second use
  public Principal.Account redeem(String text) {
    return store
        .take(Ticket.hash(text), clock.instant())
        .orElseThrow(() -> Refusal.unauthorized("the ticket is not valid"));
  }
}
