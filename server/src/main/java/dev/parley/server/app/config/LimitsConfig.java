package dev.parley.server.app.config;

import dev.parley.server.gateway.SocketCaps;
import java.time.Duration;
import java.util.Optional;

/// The bounds that an operator may move. An empty rate is no bound.
///
/// @param messageBytes the largest message on a socket
/// @param fragments of one message
/// @param sockets that are open in this process, of one address and of one account
/// @param pingInterval how often a silent socket is asked whether it lives
/// @param authTimeout how long a new socket may take to say who it is
/// @param messages of one user
/// @param requests of one user, or of one address without a user
/// @param logins sign-ups and logins from one address
/// @param connects new sockets from one address
/// @param fileBytes the largest file
/// @param orgFileBytes all files of one organization
public record LimitsConfig(
    int messageBytes,
    int fragments,
    SocketCaps sockets,
    Duration pingInterval,
    Duration authTimeout,
    Optional<Rate> messages,
    Optional<Rate> requests,
    Optional<Rate> logins,
    Optional<Rate> connects,
    long fileBytes,
    long orgFileBytes) {
  public LimitsConfig {
    if (messageBytes < 1
        || fragments < 1
        || !pingInterval.isPositive()
        || !authTimeout.isPositive()) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }
}
