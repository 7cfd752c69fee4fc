package dev.parley.client.verify;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// What to kill, and how often.
///
/// @param kills at least so many
/// @param acked and at least so many messages acknowledged
/// @param shortest between a start and the next kill
/// @param longest between a start and the next kill
/// @param command starts the server
/// @param foreign variables of our environment that are none of the server's business: they might
///   lead it to somebody else's database
/// @param data the server's folder
public record CampaignOptions(
    Target target,
    int kills,
    long acked,
    Duration shortest,
    Duration longest,
    List<String> command,
    Set<String> foreign,
    Path data) {
  /// What is killed.
  public enum Target {
    /// The server; its database stays.
    SERVER,
    /// The database; the server stays, or is started again if it cannot go on.
    DATABASE
  }
}
