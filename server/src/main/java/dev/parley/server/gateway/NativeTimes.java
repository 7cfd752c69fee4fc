package dev.parley.server.gateway;

import java.time.Duration;

/// How patient native sessions are, to the second.
///
/// @param auth how long a new socket may take to say who it is
/// @param heartbeat between two pings of ours
public record NativeTimes(Duration auth, Duration heartbeat) {}
