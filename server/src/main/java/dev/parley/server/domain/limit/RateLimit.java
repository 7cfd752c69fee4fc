package dev.parley.server.domain.limit;

import java.time.Duration;
import java.util.Locale;

/// Every limit of rate. A burst of `permits` is granted at once; afterwards they come back evenly,
/// all of them within `period`.
public enum RateLimit {
  /// Wrong passwords for one account (or for one name that is no account). Beyond: `rate_limited`.
  LOGIN_ACCOUNT(10, Duration.ofMinutes(15)),
  /// Wrong passwords from one address. Beyond: `rate_limited`.
  LOGIN_ADDRESS(50, Duration.ofMinutes(15)),
  /// New accounts from one address; generous, because a school or an office is one address.
  SIGN_UP_ADDRESS(1_000, Duration.ofHours(1)),
  /// Unknown or spent refresh tokens from one address.
  REFRESH_ADDRESS(50, Duration.ofMinutes(15)),
  /// HTTP requests of one account, or of one address without a token.
  REQUESTS(20_000, Duration.ofSeconds(10));

  private final int permits;
  private final Duration period;

  RateLimit(int permits, Duration period) {
    this.permits = permits;
    this.period = period;
  }

  /// The name in metrics, in lower case.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// How many are granted at once.
  public int permits() {
    return permits;
  }

  /// In which time all of them come back.
  public Duration period() {
    return period;
  }

  /// The same as a pace.
  public Pace pace() {
    return new Pace(permits, period.dividedBy(permits));
  }
}
