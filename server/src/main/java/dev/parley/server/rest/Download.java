package dev.parley.server.rest;

import dev.parley.server.domain.file.File;
import dev.parley.server.domain.file.Files;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.RouteDraft;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A file on its way to a client: which part of it, and the headers that keep a browser from
/// running what somebody uploaded.
///
/// @param file what is asked for
/// @param range what came as Range, if it counts
/// @param known the ETags that the client has
public record Download(File file, Optional<String> range, Optional<String> known) {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /// What a route of this kind says of itself.
  public static final String MEANING =
      "The bytes of a file that you uploaded, or of a message that you see";

  /// Tells the description what a route of this kind reads and answers.
  public static RouteDraft declare(RouteDraft route) {
    return route
        .header("Range", "One range of bytes, such as `bytes=0-1023`")
        .header("If-Range", "The ETag of the file that the range is wanted of")
        .header("If-None-Match", "The ETag of the file that you have")
        .givesMedia(200, "application/octet-stream")
        .givesMedia(206, "application/octet-stream")
        .givesNothing(304)
        .givesNothing(416);
  }

  /// The download that a call asks for, on a route that was declared so.
  public static Download of(Call call, File file) {
    var same = call.header("If-Range").map(tag -> tag.equals(tag(file))).orElse(true);
    return new Download(
        file, same ? call.header("Range") : Optional.empty(), call.header("If-None-Match"));
  }

  /// The file, a part of it, or that the client has it already.
  public Answer answer(Files files) {
    if (known.filter(tags -> tags.contains(tag(file))).isPresent()) {
      return safe(new Answer(304, Map.of(), new Answer.Body.Empty()));
    }
    // Several ranges, and units that nobody knows, are answered with the whole (RFC 9110, 14.2).
    var match = range.map(RANGE::matcher).filter(Matcher::matches);
    if (match.isEmpty() || (match.get().group(1).isEmpty() && match.get().group(2).isEmpty())) {
      return part(files, 200, 0, file.size());
    }
    return part(files, match.get().group(1), match.get().group(2));
  }

  private Answer part(Files files, String from, String to) {
    long size = file.size();
    long first = from.isEmpty() ? Math.max(0, size - Long.parseLong(to)) : Long.parseLong(from);
    long last = from.isEmpty() || to.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(to));
    if (first > last) {
      return safe(
          new Answer(416, Map.of("Content-Range", "bytes */" + size), new Answer.Body.Empty()));
    }
    return part(files, 206, first, last - first + 1)
        .with("Content-Range", "bytes " + first + "-" + last + "/" + size);
  }

  private Answer part(Files files, int status, long offset, long length) {
    var content = files.open(file, offset);
    return safe(Answer.stream(status, file.type(), length, content.bytes()))
        .with("Content-Disposition", disposition())
        .with("Accept-Ranges", "bytes");
  }

  /// Whatever it is, it runs nothing and reaches nothing, and it is asked for again each time.
  private Answer safe(Answer answer) {
    return answer
        .with("ETag", tag(file))
        .with("Cache-Control", "private, no-cache")
        .with("X-Content-Type-Options", "nosniff")
        .with("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
        .with("Cross-Origin-Resource-Policy", "same-origin");
  }

  /// RFC 6266: a name in ASCII for old clients, and the real one in the coding of RFC 8187.
  private String disposition() {
    var plain = new StringBuilder();
    file.name()
        .codePoints()
        .map(c -> c >= 0x20 && c < 0x7F && c != '"' && c != '\\' && c != '%' ? c : '_')
        .forEach(plain::appendCodePoint);
    return "%s; filename=\"%s\"; filename*=UTF-8''%s"
        .formatted(file.inline() ? "inline" : "attachment", plain, coded(file.name()));
  }

  private static String coded(String name) {
    var coded = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          (b >= 'a' && b <= 'z')
              || (b >= 'A' && b <= 'Z')
              || (b >= '0' && b <= '9')
              || "!#$&+-.^_`|~".indexOf(b) >= 0;
      if (plain) {
        coded.append((char) b);
      } else {
        coded.append("%%%02X".formatted(b & 0xFF));
      }
    }
    return coded.toString();
  }

  private static String tag(File file) {
    return "\"" + file.sha256() + "\"";
  }
}
