package dev.parley.server.adapter.token;

import com.nimbusds.jose.util.Base64URL;
import dev.parley.server.base.Limits;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/// The three parts of a token (RFC 7515, section 7.1), read but not believed.
record SignedText(String signed, StrictJson header, StrictJson claims, Base64URL signature) {
  private static final Pattern PARTS =
      Pattern.compile("([A-Za-z0-9_-]++)\\.([A-Za-z0-9_-]++)\\.([A-Za-z0-9_-]++)");

  private static final Base64.Encoder CANONICAL = Base64.getUrlEncoder().withoutPadding();

  /// @throws UntrustedException if it is too long or not of this form
  static SignedText parse(String token) {
    if (token.length() > Limits.TOKEN_BYTES) {
      throw new UntrustedException();
    }
    var parts = PARTS.matcher(token);
    if (!parts.matches()) {
      throw new UntrustedException();
    }
    return new SignedText(
        token.substring(0, parts.end(2)),
        StrictJson.parse(decode(parts.group(1))),
        StrictJson.parse(decode(parts.group(2))),
        Base64URL.encode(decode(parts.group(3))));
  }

  byte[] signedBytes() {
    return signed.getBytes(StandardCharsets.US_ASCII);
  }

  /// Base64url in its one canonical form: a token has no second spelling.
  private static byte[] decode(String part) {
    try {
      var bytes = Base64.getUrlDecoder().decode(part);
      if (CANONICAL.encodeToString(bytes).equals(part)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Untrusted, like another spelling.
    }
    throw new UntrustedException();
  }
}
