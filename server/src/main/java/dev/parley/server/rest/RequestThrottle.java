package dev.parley.server.rest;

import dev.parley.server.domain.limit.RateLimit;
import dev.parley.server.domain.limit.RateLimiter;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Throttle;

/// Counts requests: those with a token for its account, all others for the client's address. Health
/// is never refused: whoever asks for it would take the refusal for an illness.
public final class RequestThrottle implements Throttle {
  private final RateLimiter limiter;

  public RequestThrottle(RateLimiter limiter) {
    this.limiter = limiter;
  }

  @Override
  public void admit(Call call) {
    if (call.route().dialect().equals(HealthRoutes.DIALECT)) {
      return;
    }
    boolean proven = call.route().policy().needsToken() && call.token().isPresent();
    var key = proven ? call.account().userId().value() : call.clientAddress().key();
    limiter.acquire(RateLimit.REQUESTS, key);
  }
}
