package dev.parley.server.rest.http;

import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// Finds the file in a body of `multipart/form-data` (RFC 7578) while it arrives. Holds 64 KiB at a
/// time, however long the body is, and reads no more than 1 MiB before the file.
final class Multipart {
  private static final Pattern BOUNDARY =
      Pattern.compile(
          "multipart/form-data\\s*;.*?boundary=(?:\"([^\"]{1,70})\"|([^;,\\s]{1,70})).*",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern NAME = parameter("name");
  private static final Pattern FILE_NAME = parameter("filename");
  private static final Pattern FILE_NAME_CODED =
      Pattern.compile(";\\s*filename\\*=UTF-8''([^;\\s]+)", Pattern.CASE_INSENSITIVE);
  private static final int BUFFER = 64 * 1024;
  private static final int PARTS = 50;
  private static final int SKIPPED = 1024 * 1024;
  private static final int HEADER_LINES = 20;
  private static final int LINE = 8 * 1024;
  private static final byte[] NEW_LINE = {'\r', '\n'};

  private final InputStream in;
  private final byte[] delimiter;
  private final byte[] buffer = new byte[BUFFER];
  private int skipped;
  private int start;
  private int end;

  Multipart(InputStream in, String boundary) {
    this.in = in;
    this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
  }

  /// The boundary of a content type, if it is that of a form.
  static Optional<String> boundary(String contentType) {
    var match = BOUNDARY.matcher(contentType);
    if (!match.matches()) {
      return Optional.empty();
    }
    return Optional.of(match.group(1) == null ? match.group(2) : match.group(1));
  }

  /// The first part that is a file; parts before it are skipped.
  ///
  /// @throws RefusedException bad_request if there is none
  Upload file() {
    try {
      // The first delimiter may stand at the very beginning, without its new line.
      prepend(NEW_LINE);
      skipPart();
      for (int part = 0; part < PARTS; part++) {
        if (isLast()) {
          throw Refusal.badRequest("the form holds no file");
        }
        var disposition = disposition();
        if (isFile(disposition)) {
          return new Upload(name(disposition), OptionalLong.empty(), new Part());
        }
        skipPart();
      }
      throw Refusal.badRequest("the form has too many parts");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isFile(String disposition) {
    var name = NAME.matcher(disposition);
    return FILE_NAME.matcher(disposition).find()
        || FILE_NAME_CODED.matcher(disposition).find()
        || (name.find() && value(name.group(1), name.group(2)).equals("file"));
  }

  private static Optional<String> name(String disposition) {
    var coded = FILE_NAME_CODED.matcher(disposition);
    if (coded.find()) {
      try {
        return Optional.of(
            URLDecoder.decode(coded.group(1).replace("+", "%2B"), StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        throw Refusal.badRequest("the name of the file is malformed");
      }
    }
    var plain = FILE_NAME.matcher(disposition);
    return plain.find() ? Optional.of(value(plain.group(1), plain.group(2))) : Optional.empty();
  }

  /// A quoted text, with the escapes of browsers and of RFC 9110, or a bare word.
  private static String value(String quoted, String bare) {
    return quoted == null
        ? bare
        : quoted.replace("\\\"", "\"").replace("%22", "\"").replace("\\\\", "\\");
  }

  private static Pattern parameter(String name) {
    return Pattern.compile(
        ";\\s*" + name + "=(?:\"((?:[^\"\\\\]|\\\\.){0,1000})\"|([^;\\s\"]{1,1000}))",
        Pattern.CASE_INSENSITIVE);
  }

  /// After a delimiter: whether it was the last.
  private boolean isLast() throws IOException {
    require(2);
    boolean last = buffer[start] == '-' && buffer[start + 1] == '-';
    if (!last) {
      // The rest of the delimiter's line is white space.
      line();
    }
    return last;
  }

  /// Reads the headers of a part and gives the one that says what it is.
  private String disposition() throws IOException {
    var found = "";
    for (int i = 0; i < HEADER_LINES; i++) {
      var header = line();
      if (header.isEmpty()) {
        return found;
      }
      if (header.toLowerCase(Locale.ROOT).startsWith("content-disposition:")) {
        found = header;
      }
    }
    throw malformed();
  }

  private String line() throws IOException {
    while (true) {
      int at = find(NEW_LINE);
      if (at >= 0) {
        var text = new String(buffer, start, at - start, StandardCharsets.UTF_8);
        start = at + NEW_LINE.length;
        return text.strip();
      }
      if (end - start > LINE || !fill()) {
        throw malformed();
      }
    }
  }

  /// Goes on to behind the next delimiter.
  private void skipPart() throws IOException {
    var part = new Part();
    var waste = new byte[BUFFER];
    for (int read = 0; read >= 0; read = part.read(waste, 0, waste.length)) {
      // Only its end is of interest.
      skipped += read;
      if (skipped > SKIPPED) {
        throw Refusal.badRequest("the form holds more than 1 MiB before its file");
      }
    }
  }

  private void require(int count) throws IOException {
    while (end - start < count) {
      if (!fill()) {
        throw malformed();
      }
    }
  }

  private void prepend(byte[] bytes) {
    System.arraycopy(bytes, 0, buffer, 0, bytes.length);
    end = bytes.length;
  }

  /// Reads more; false at the end of the body.
  private boolean fill() throws IOException {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    }
    int read = in.read(buffer, end, buffer.length - end);
    if (read > 0) {
      end += read;
    }
    return read > 0;
  }

  /// Where some bytes begin in what is held; -1 if they are not there.
  private int find(byte[] wanted) {
    for (int i = start; i <= end - wanted.length; i++) {
      if (buffer[i] == wanted[0]
          && Arrays.equals(buffer, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }

  private static RefusedException malformed() {
    return Refusal.badRequest("the form is malformed, or ends too early");
  }

  /// The bytes up to the next delimiter.
  private final class Part extends InputStream {
    private boolean ended;

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (ended) {
        return -1;
      }
      if (length == 0) {
        return 0;
      }
      while (true) {
        int at = find(delimiter);
        if (at == start) {
          start += delimiter.length;
          ended = true;
          return -1;
        }
        // What may be the beginning of a delimiter is held back.
        int safe = at > start ? at - start : end - start - delimiter.length + 1;
        if (safe > 0) {
          int count = Math.min(safe, length);
          System.arraycopy(buffer, start, bytes, offset, count);
          start += count;
          return count;
        }
        if (!fill()) {
          throw malformed();
        }
      }
    }
  }
}
