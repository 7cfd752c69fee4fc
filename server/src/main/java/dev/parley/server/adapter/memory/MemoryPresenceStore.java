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
import java.util.stream.Collectors;

/// The presence of nodes in one process. Holds as much as they have sockets. Guarded by this.
public final class MemoryPresenceStore implements PresenceStore {
  private final Ticker ticker;

  /// When each node said it last.
  private final TreeMap<Sighting, Map<String, Long>> sightings = new TreeMap<>();

  /// In which circles each user is.
  private final Map<UserId, Set<Circle>> users = new HashMap<>();

  public MemoryPresenceStore(Ticker ticker) {
    this.ticker = ticker;
  }

  @Override
  public synchronized Turn turn(String node, Collection<Sighting> came, Collection<Sighting> went) {
    var concerned = new HashSet<UserId>();
    came.forEach(sighting -> concerned.add(sighting.user()));
    went.forEach(sighting -> concerned.add(sighting.user()));
    var before = known(concerned);
    came.forEach(sighting -> add(node, sighting));
    went.forEach(sighting -> remove(node, sighting));
    var after = known(concerned);
    return new Turn(without(after, before), without(before, after));
  }

  @Override
  public synchronized void beat(String node, Collection<Sighting> repeated) {
    repeated.forEach(sighting -> add(node, sighting));
  }

  @Override
  public synchronized Swept sweep() {
    var silent = new HashMap<Sighting, List<String>>();
    int found = 0;
    for (var entry : sightings.entrySet()) {
      var nodes =
          entry.getValue().entrySet().stream()
              .filter(node -> !isAlive(node.getValue()))
              .map(Map.Entry::getKey)
              .limit(BATCH - found)
              .toList();
      if (!nodes.isEmpty()) {
        silent.put(entry.getKey(), nodes);
        found += nodes.size();
      }
    }
    silent.forEach((sighting, nodes) -> nodes.forEach(node -> remove(node, sighting)));
    var gone = new HashSet<UserId>();
    silent.keySet().forEach(sighting -> gone.add(sighting.user()));
    return new Swept(without(gone, users.keySet()), found == BATCH);
  }

  @Override
  public synchronized Set<UserId> online(Collection<UserId> asked) {
    return asked.stream()
        .filter(
            user ->
                users.getOrDefault(user, Set.of()).stream()
                    .anyMatch(circle -> isAlive(new Sighting(circle, user))))
        .collect(Collectors.toSet());
  }

  @Override
  public synchronized Set<UserId> online(Circle circle, Collection<UserId> asked) {
    return asked.stream()
        .filter(user -> isAlive(new Sighting(circle, user)))
        .collect(Collectors.toSet());
  }

  @Override
  public synchronized List<UserId> list(Circle circle, Optional<UserId> after, int limit) {
    var first = new Sighting(circle, after.orElse(new UserId("\0")));
    return sightings.tailMap(first, false).keySet().stream()
        .takeWhile(sighting -> sighting.circle().equals(circle))
        .filter(this::isAlive)
        .limit(Math.min(limit, BATCH))
        .map(Sighting::user)
        .toList();
  }

  /// Those of whom something was said and not yet taken back or swept away.
  private Set<UserId> known(Collection<UserId> asked) {
    var known = new HashSet<>(asked);
    known.retainAll(users.keySet());
    return known;
  }

  private boolean isAlive(Sighting sighting) {
    return sightings.getOrDefault(sighting, Map.of()).values().stream().anyMatch(this::isAlive);
  }

  private boolean isAlive(long saidAt) {
    return ticker.nanos() - saidAt < EXPIRY.toNanos();
  }

  private void add(String node, Sighting sighting) {
    var nodes = sightings.get(sighting);
    if (nodes == null) {
      nodes = new HashMap<>(2);
      sightings.put(sighting, nodes);
      users.computeIfAbsent(sighting.user(), user -> new HashSet<>(2)).add(sighting.circle());
    }
    nodes.put(node, ticker.nanos());
  }

  private void remove(String node, Sighting sighting) {
    var nodes = sightings.get(sighting);
    if (nodes != null && nodes.remove(node) != null && nodes.isEmpty()) {
      sightings.remove(sighting);
      users.computeIfPresent(
          sighting.user(),
          (_, circles) -> circles.remove(sighting.circle()) && circles.isEmpty() ? null : circles);
    }
  }

  private static Set<UserId> without(Set<UserId> some, Set<UserId> others) {
    var rest = new HashSet<>(some);
    rest.removeAll(others);
    return rest;
  }
}
