package dev.parley.server.rest.http;

import dev.parley.server.domain.access.AccessControl;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// All routes. Filled at start-up by one thread and only read afterwards.
public final class Api {
  private final AccessControl access;
  private final List<Route> routes = new ArrayList<>();
  private final Set<RouteDraft> unfinished = new LinkedHashSet<>();
  private final Set<String> operations = new HashSet<>();

  public Api(AccessControl access) {
    this.access = access;
  }

  /// Begins a route; it counts only when it has got its policy.
  public RouteDraft route(
      Dialect dialect, Verb verb, String path, String operation, String summary) {
    if (!path.startsWith("/")) {
      throw new IllegalStateException("a path starts with a slash: " + path);
    }
    if (!operations.add(operation)) {
      throw new IllegalStateException("two routes are called " + operation);
    }
    var draft = new RouteDraft(this, access, verb, path, operation, dialect, summary);
    unfinished.add(draft);
    return draft;
  }

  /// All routes in the order of their registration.
  ///
  /// @throws IllegalStateException if a route has no policy
  public List<Route> routes() {
    if (!unfinished.isEmpty()) {
      throw new IllegalStateException("routes without a policy: " + unfinished);
    }
    return List.copyOf(routes);
  }

  /// Takes a route whose policy is known now.
  void finish(RouteDraft draft, Route route) {
    if (!unfinished.remove(draft)) {
      throw new IllegalStateException("a second policy for " + draft);
    }
    routes.add(route);
  }
}
