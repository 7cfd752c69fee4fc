package dev.parley.server.adapter.memory;

import dev.parley.server.base.Ticker;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.presence.Circle;
import dev.parley.server.domain.presence.PresenceStore;
import dev.parley.server.domain.presence.Sighting;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The presence of nodes in one process. Holds as much as they have sockets. Guarded by this.
public final class MemoryPresenceStore implements PresenceStore {
  private final Ticker ticker;

  /// When each node said it last.
  private final TreeMap<Sighting, Map<String, Long>> sightings = new TreeMap<>();

  /// In how many circles each user is.
  private final Map<UserId, Integer> users = new HashMap<>();

  public MemoryPresenceStore(Ticker ticker) {
    this.ticker = ticker;
  }

  @Override
  public synchronized Turn turn(String node, Collection<Sighting> came, Collection<Sighting> went) {
    var concerned = new HashSet<UserId>();
    came.forEach(sighting -> concerned.add(sighting.user()));
    went.forEach(sighting -> concerned.add(sighting.user()));
    var before = online(concerned);
    came.forEach(sighting -> add(node, sighting));
    went.forEach(sighting -> remove(node, sighting));
    var after = online(concerned);
    return new Turn(without(after, before), without(before, after));
  }

  @Override
  public synchronized void beat(String node, Collection<Sighting> repeated) {
    repeated.forEach(sighting -> add(node, sighting));
  }

  @Override
  public synchronized Set<UserId> sweep() {
    long now = ticker.nanos();
    var expired = new HashMap<Sighting, List<String>>();
    for (var entry : sightings.entrySet()) {
      var silent =
          entry.getValue().entrySet().stream()
              .filter(node -> now - node.getValue() >= EXPIRY.toNanos())
              .map(Map.Entry::getKey)
              .toList();
      if (!silent.isEmpty() && expired.size() < BATCH) {
        expired.put(entry.getKey(), silent);
      }
    }
    expired.forEach((sighting, nodes) -> nodes.forEach(node -> remove(node, sighting)));
    var gone = new HashSet<UserId>();
    expired.keySet().forEach(sighting -> gone.add(sighting.user()));
    gone.removeAll(users.keySet());
    return gone;
  }

  @Override
  public synchronized Set<UserId> online(Collection<UserId> asked) {
    var online = new HashSet<>(asked);
    online.retainAll(users.keySet());
    return online;
  }

  @Override
  public synchronized List<UserId> list(Circle circle, Optional<UserId> after, int limit) {
    var first = new Sighting(circle, after.orElse(new UserId("\0")));
    return sightings.tailMap(first, false).keySet().stream()
        .takeWhile(sighting -> sighting.circle().equals(circle))
        .limit(Math.min(limit, BATCH))
        .map(Sighting::user)
        .toList();
  }

  private void add(String node, Sighting sighting) {
    var nodes = sightings.get(sighting);
    if (nodes == null) {
      nodes = new HashMap<>(2);
      sightings.put(sighting, nodes);
      users.merge(sighting.user(), 1, Integer::sum);
    }
    nodes.put(node, ticker.nanos());
  }

  private void remove(String node, Sighting sighting) {
    var nodes = sightings.get(sighting);
    if (nodes != null && nodes.remove(node) != null && nodes.isEmpty()) {
      sightings.remove(sighting);
      users.computeIfPresent(sighting.user(), (_, count) -> count == 1 ? null : count - 1);
    }
  }

  private static Set<UserId> without(Set<UserId> some, Set<UserId> others) {
    var rest = new HashSet<>(some);
    rest.removeAll(others);
    return rest;
  }
}
