package dev.parley.server.domain.file;

import dev.parley.server.base.Limits;
import java.text.Normalizer;

/// Cleans the names that clients give to files. Nothing is refused: a name is for show only.
final class FileName {
  private static final String NAMELESS = "file";

  private FileName() {}

  /// The last part of the path, in NFC, without control and direction characters and without dots
  /// at its beginning; of one that is too long the end is kept, where its kind stands.
  static String clean(String given) {
    int slash = Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\'));
    var name = Normalizer.normalize(given.substring(slash + 1), Normalizer.Form.NFC);
    int[] visible =
        name.codePoints()
            .filter(FileName::isVisible)
            .dropWhile(c -> c == '.' || c == ' ')
            .toArray();
    int from = Math.max(0, visible.length - Limits.FILE_NAME);
    var clean = new String(visible, from, visible.length - from).strip();
    return clean.isEmpty() ? NAMELESS : clean;
  }

  private static boolean isVisible(int c) {
    int kind = Character.getType(c);
    return kind != Character.CONTROL
        && kind != Character.SURROGATE
        && !(c >= 0x202A && c <= 0x202E)
        && !(c >= 0x2066 && c <= 0x2069)
        && c != 0x200E
        && c != 0x200F;
  }
}
