package dev.parley.server.domain.presence;

import dev.parley.server.base.UserId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which sightings each node has, over all nodes. Each node speaks for itself only; a user is
/// online as long as one node says so.
///
/// What a node does not repeat within [#EXPIRY] is not seen any more: so a node that died takes its
/// people with it. That they went is said by the next [#sweep]. Nothing here lasts: a store that
/// lost everything has it back after one round of [#beat]. May block; throws
/// [dev.parley.server.base.OutageException] when it is away, having done all of a call or nothing;
/// which of them may be unknown. No call hands in more than [#BATCH] sightings or users.
public interface PresenceStore {
  /// How long a sighting lives without being repeated.
  Duration EXPIRY = Duration.ofSeconds(30);

  /// The most that one call takes or gives.
  int BATCH = 512;

  /// Adds and removes sightings of a node, and says who thereby came or went as seen over all nodes
  /// and circles. Adding what is there repeats it; removing what is not there does nothing.
  Turn turn(String node, Collection<Sighting> came, Collection<Sighting> went);

  /// Repeats sightings of a node; those that had expired are there again.
  void beat(String node, Collection<Sighting> sightings);

  /// Removes what was not repeated in time, at most [#BATCH] sightings, and says whose last one
  /// went. Each is told to one caller only, so that one node announces it.
  Swept sweep();

  /// Which of these users are online.
  Set<UserId> online(Collection<UserId> users);

  /// Which of these users are in a circle.
  Set<UserId> online(Circle circle, Collection<UserId> users);

  /// Who is in a circle, ascending by user id, those after `after` only, at most `limit` and at
  /// most [#BATCH].
  List<UserId> list(Circle circle, Optional<UserId> after, int limit);

  /// Who came and who went, over all nodes and circles.
  record Turn(Set<UserId> online, Set<UserId> offline) {}

  /// Who went because their node did not repeat them.
  ///
  /// @param more whether another sweep may find more
  record Swept(Set<UserId> offline, boolean more) {}
}
