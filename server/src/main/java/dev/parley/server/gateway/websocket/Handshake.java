package dev.parley.server.gateway.websocket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The server's side of the opening handshake (RFC 6455 §4.2): judges an upgrade request and makes
/// the answer.
///
/// Who may connect is not its business.
///
/// @param subprotocols those that this endpoint speaks; the client's order decides among them
/// @param deflate whether to agree to permessage-deflate
public record Handshake(Set<String> subprotocols, boolean deflate) {
  private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int KEY_BYTES = 16;
  private static final int MAX_HEADERS = 100;
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9A-Za-z]++");
  private static final Pattern LIST = Pattern.compile("[ \\t]*+,[ \\t]*+");

  public Handshake {
    subprotocols = Set.copyOf(subprotocols);
  }

  /// What becomes of a request.
  public sealed interface Outcome {}

  /// Answer 101 with these headers, then speak frames.
  ///
  /// @param subprotocol the chosen one, if the client offered one that we speak
  /// @param agreement about compression, if the client offered one that we can serve
  /// @param headers of the answer
  public record Accepted(
      Optional<String> subprotocol,
      Optional<DeflateAgreement> agreement,
      Map<String, String> headers)
      implements Outcome {
    /// The same with one more header.
    public Accepted with(String name, String value) {
      return new Accepted(subprotocol, agreement, plus(headers, name, value));
    }
  }

  /// Answer with this HTTP status instead.
  ///
  /// @param status 4xx
  /// @param text why, for a person
  /// @param headers of the answer, beside the content's
  public record Refused(int status, String text, Map<String, String> headers) implements Outcome {
    /// The same with one more header.
    public Refused with(String name, String value) {
      return new Refused(status, text, plus(headers, name, value));
    }

    /// The reason phrase of the status.
    public String reason() {
      return switch (status) {
        case 405 -> "Method Not Allowed";
        case 426 -> "Upgrade Required";
        case 431 -> "Request Header Fields Too Large";
        default -> "Bad Request";
      };
    }
  }

  public Outcome judge(UpgradeRequest request) {
    var headers = request.headers();
    if (!request.method().equals("GET")) {
      return new Refused(405, "A WebSocket begins with GET", Map.of("Allow", "GET"));
    }
    if (!request.version().equals("HTTP/1.1")) {
      return refused("A WebSocket begins with HTTP/1.1");
    }
    if (request.headerCount() > MAX_HEADERS) {
      return new Refused(431, "At most " + MAX_HEADERS + " headers are read", Map.of());
    }
    if (!one(headers, "Host")) {
      return refused("Exactly one Host header is needed");
    }
    if (hasBody(headers)) {
      return refused("An upgrade has no body");
    }
    if (!lists(headers, "Upgrade", "websocket")) {
      return new Refused(
          426,
          "Upgrade: websocket is needed",
          Map.of("Upgrade", "websocket", "Connection", "Upgrade"));
    }
    if (!lists(headers, "Connection", "upgrade")) {
      return refused("Connection: Upgrade is needed");
    }
    if (!headers.all("Sec-WebSocket-Version").equals(List.of("13"))) {
      return new Refused(
          426,
          "WebSocket version 13 is needed",
          Map.of("Sec-WebSocket-Version", "13", "Upgrade", "websocket", "Connection", "Upgrade"));
    }
    return judgeKey(headers);
  }

  /// The proof that we understood the request (RFC 6455 §4.2.2, step 5.4).
  public static String accept(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + KEY_SUFFIX).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  private Outcome judgeKey(UpgradeRequest.Headers headers) {
    List<String> keys = headers.all("Sec-WebSocket-Key");
    if (keys.size() != 1 || !isKey(keys.getFirst().strip())) {
      return refused("Exactly one Sec-WebSocket-Key of 16 bytes in base64 is needed");
    }
    var offered = new ArrayList<String>();
    for (String value : headers.all("Sec-WebSocket-Protocol")) {
      offered.addAll(List.of(LIST.split(value.strip(), -1)));
    }
    if (!offered.stream().allMatch(name -> TOKEN.matcher(name).matches())
        || new HashSet<>(offered).size() < offered.size()) {
      return refused("Sec-WebSocket-Protocol must list different tokens");
    }
    return accepted(keys.getFirst().strip(), offered, headers.all("Sec-WebSocket-Extensions"));
  }

  private Outcome accepted(String key, List<String> offered, List<String> extensions) {
    // "bearer" only says how the token travels: it is chosen if nothing else is spoken.
    var subprotocol =
        offered.stream()
            .filter(subprotocols::contains)
            .min(Comparator.comparing(name -> name.equals("bearer")));
    var agreement =
        deflate ? DeflateAgreement.negotiate(extensions) : Optional.<DeflateAgreement>empty();
    var headers = new LinkedHashMap<String, String>();
    headers.put("Upgrade", "websocket");
    headers.put("Connection", "Upgrade");
    headers.put("Sec-WebSocket-Accept", accept(key));
    subprotocol.ifPresent(name -> headers.put("Sec-WebSocket-Protocol", name));
    agreement.ifPresent(agreed -> headers.put("Sec-WebSocket-Extensions", agreed.header()));
    return new Accepted(subprotocol, agreement, headers);
  }

  private static Map<String, String> plus(Map<String, String> some, String name, String value) {
    var all = new LinkedHashMap<>(some);
    all.put(name, value);
    return all;
  }

  private static Refused refused(String text) {
    return new Refused(400, text, Map.of());
  }

  private static boolean one(UpgradeRequest.Headers headers, String name) {
    List<String> values = headers.all(name);
    return values.size() == 1 && !values.getFirst().isBlank();
  }

  private static boolean hasBody(UpgradeRequest.Headers headers) {
    List<String> lengths = headers.all("Content-Length");
    return !headers.all("Transfer-Encoding").isEmpty()
        || !(lengths.isEmpty() || lengths.equals(List.of("0")));
  }

  private static boolean lists(UpgradeRequest.Headers headers, String name, String token) {
    for (String value : headers.all(name)) {
      for (String listed : LIST.split(value.strip(), -1)) {
        if (listed.equalsIgnoreCase(token)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isKey(String key) {
    try {
      return key.length() == 24 && Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
