package dev.parley.server.app.logging;

/// How a line looks.
interface LineFormat {
  /// The text, with its line end.
  String line(Line line);
}
