package dev.parley.client;

import java.util.List;
import java.util.UUID;

/// Keeps what was asked to be sent until the server has answered, so that a program that dies may
/// ask again under the same `op`. Called by several threads.
public interface OpStore {
  /// Keeps a draft; returns only when it is safe. Called before the first attempt to send.
  void keep(Draft draft);

  /// The draft was answered.
  void drop(UUID op);

  /// What was kept and not dropped, in the order of keeping.
  List<Draft> load();
}
