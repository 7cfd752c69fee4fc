package dev.parley.server.app.config;

import java.nio.file.Path;

/// What this process is.
///
/// @param data the absolute folder for everything that a node keeps on disk
public record NodeConfig(Profile profile, Role role, Path data) {
  public NodeConfig {
    if (!data.isAbsolute()) {
      throw new IllegalArgumentException("the data folder must be absolute");
    }
  }
}
