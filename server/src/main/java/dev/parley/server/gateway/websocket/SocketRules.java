package dev.parley.server.gateway.websocket;

import java.time.Duration;

/// How patient we are with the sockets of one endpoint. One object for all of them. Every duration
/// is kept to the second, and ends up to one second early.
///
/// @param limits of messages
/// @param pingEvery between two pings of ours; zero sends none
/// @param heardWithin longest silence of the peer before 4601; zero waits for ever
/// @param messageWithin longest time from the first byte of a message to its last, before 1008
/// @param closeWithin longest time from our Close to the end of the TCP connection
/// @param controlsPerSecond pings and pongs of the peer, before 1008
public record SocketRules(
    FrameLimits limits,
    Duration pingEvery,
    Duration heardWithin,
    Duration messageWithin,
    Duration closeWithin,
    int controlsPerSecond) {
  public static final SocketRules DEFAULT =
      new SocketRules(
          FrameLimits.DEFAULT,
          Duration.ofSeconds(54),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofSeconds(2),
          50);

  public SocketRules {
    if (messageWithin.toSeconds() < 1 || closeWithin.toSeconds() < 1 || controlsPerSecond < 1) {
      throw new IllegalArgumentException(
          "messageWithin and closeWithin need a second, controlsPerSecond one: "
              + messageWithin
              + ", "
              + closeWithin
              + ", "
              + controlsPerSecond);
    }
  }

  /// The same, with these limits.
  public SocketRules withLimits(FrameLimits other) {
    return new SocketRules(
        other, pingEvery, heardWithin, messageWithin, closeWithin, controlsPerSecond);
  }

  /// The same, with this heartbeat.
  public SocketRules withHeartbeat(Duration every, Duration within) {
    return new SocketRules(limits, every, within, messageWithin, closeWithin, controlsPerSecond);
  }
}
