package dev.parley.server.rest;

import dev.parley.server.base.RefusedException;
import dev.parley.server.domain.limit.RateLimit;
import dev.parley.server.domain.limit.RateLimiter;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Throttle;

/// Counts requests: those with a good token for its account, all others for the client's address;
/// also those whose token is refused, for finding that out costs most of all.
public final class RequestThrottle implements Throttle {
  private final RateLimiter limiter;

  public RequestThrottle(RateLimiter limiter) {
    this.limiter = limiter;
  }

  @Override
  public void admit(Call call) {
    if (call.route().dialect().unlimited()) {
      return;
    }
    boolean proven = call.route().policy().needsToken() && call.token().isPresent();
    limiter.acquire(RateLimit.REQUESTS, proven ? account(call) : call.clientAddress().key());
  }

  private String account(Call call) {
    try {
      return call.account().userId().value();
    } catch (RefusedException e) {
      limiter.acquire(RateLimit.REQUESTS, call.clientAddress().key());
      throw e;
    }
  }
}
