package dev.parley.server.rest.http;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds routes by path. A literal segment wins over a parameter, as long as it knows the method.
final class RouteTable {
  private final Node root = new Node();

  RouteTable(List<Route> routes) {
    routes.forEach(this::add);
  }

  /// The place of a path; empty if no template matches.
  Optional<Place> find(List<String> segments) {
    var found = new ArrayList<Found>();
    root.collect(segments, 0, List.of(), found);
    return found.isEmpty() ? Optional.empty() : Optional.of(new Place(found));
  }

  static List<String> segments(String path) {
    return List.of(path.substring(1).split("/", -1));
  }

  static boolean isParameter(String segment) {
    return segment.startsWith("{") && segment.endsWith("}");
  }

  static String parameterName(String segment) {
    return segment.substring(1, segment.length() - 1);
  }

  private void add(Route route) {
    var node = root;
    for (var segment : segments(route.path())) {
      node = node.child(segment);
    }
    node.add(route);
  }

  /// A path that exists.
  record Place(List<Found> found) {
    /// The methods that it knows.
    Set<Verb> verbs() {
      var verbs = EnumSet.noneOf(Verb.class);
      found.forEach(match -> verbs.addAll(match.node.variants.keySet()));
      return verbs;
    }

    /// How errors are told that no route answers.
    Dialect dialect() {
      return found.getFirst().node.variants.values().iterator().next().choose(true).dialect();
    }

    /// The route of a method, with or without a token; empty if the method is not known here.
    Optional<Match> match(Verb verb, boolean hasToken) {
      for (var candidate : found) {
        var variants = candidate.node.variants.get(verb);
        if (variants != null) {
          return Optional.of(new Match(variants.choose(hasToken), candidate.values));
        }
      }
      return Optional.empty();
    }
  }

  /// A route and the values of its parameters, in the order of [Route#parameters].
  record Match(Route route, List<String> values) {
    Map<String, String> parameters() {
      var names = route.parameters();
      var map = new HashMap<String, String>();
      for (int i = 0; i < names.size(); i++) {
        map.put(names.get(i), values.get(i));
      }
      return map;
    }
  }

  record Found(Node node, List<String> values) {}

  /// One step in the tree of paths.
  static final class Node {
    private final Map<String, Node> literals = new HashMap<>();
    private final Map<Verb, Variants> variants = new EnumMap<>(Verb.class);
    private @Nullable Node parameter;

    Node child(String segment) {
      if (!isParameter(segment)) {
        return literals.computeIfAbsent(segment, name -> new Node());
      }
      if (parameter == null) {
        parameter = new Node();
      }
      return parameter;
    }

    void add(Route route) {
      variants.merge(route.verb(), Variants.of(route), Variants::and);
    }

    void collect(List<String> segments, int depth, List<String> values, List<Found> found) {
      if (depth == segments.size()) {
        if (!variants.isEmpty()) {
          found.add(new Found(this, values));
        }
        return;
      }
      var segment = segments.get(depth);
      var literal = literals.get(segment);
      if (literal != null) {
        literal.collect(segments, depth + 1, values, found);
      }
      if (parameter != null && !segment.isEmpty()) {
        var more = new ArrayList<>(values);
        more.add(segment);
        parameter.collect(segments, depth + 1, List.copyOf(more), found);
      }
    }
  }

  /// The route for callers with a token and the one for callers without; either may be missing.
  record Variants(@Nullable Route proven, @Nullable Route open) {
    static Variants of(Route route) {
      return route.policy() instanceof Policy.OpenRealm
          ? new Variants(null, route)
          : new Variants(route, null);
    }

    Variants and(Variants other) {
      if ((proven != null && other.proven != null) || (open != null && other.open != null)) {
        var route = other.proven == null ? other.open : other.proven;
        throw new IllegalStateException("two routes at the same place: " + route);
      }
      return new Variants(proven == null ? other.proven : proven, open == null ? other.open : open);
    }

    Route choose(boolean hasToken) {
      var first = hasToken ? proven : open;
      var second = hasToken ? open : proven;
      if (first != null) {
        return first;
      }
      if (second != null) {
        return second;
      }
      throw new IllegalStateException("a place without a route");
    }
  }
}
