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
  /// Sign-ups and logins from one address, right ones too; generous, because a school or an office
  /// is one address. Beyond: `rate_limited`.
  SIGN_IN_ADDRESS(1_000, Duration.ofSeconds(50)),
  /// Unknown or spent refresh tokens from one address.
  REFRESH_ADDRESS(50, Duration.ofMinutes(15)),
  /// HTTP requests of one account, or of one address without a token.
  REQUESTS(20_000, Duration.ofSeconds(10)),
  /// Messages, edits and reactions of one user. Beyond: `rate_limited`; clients that know no errors
  /// are read more slowly instead.
  MESSAGES(50_000, Duration.ofSeconds(10)),
  /// What one user tells a room without it being kept, such as that they are typing. Beyond: nobody
  /// hears it.
  SIGNALS(1_000, Duration.ofSeconds(10)),
  /// New sockets from one address. Beyond: 429 instead of 101.
  CONNECTS(20_000, Duration.ofSeconds(20));

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
