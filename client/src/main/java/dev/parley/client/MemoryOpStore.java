package dev.parley.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Keeps drafts as long as the program lives. As large as the client's bound on unanswered
/// commands.
public final class MemoryOpStore implements OpStore {
  private final Map<UUID, Draft> drafts = new LinkedHashMap<>(); // guarded by this

  @Override
  public synchronized void keep(Draft draft) {
    drafts.put(draft.op(), draft);
  }

  @Override
  public synchronized void drop(UUID op) {
    drafts.remove(op);
  }

  @Override
  public synchronized List<Draft> load() {
    return List.copyOf(drafts.values());
  }
}
