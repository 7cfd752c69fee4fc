package dev.parley.server.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  private static final String JWT =
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.c2lnbmF0dXJl-hunter2_x";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /ws?token=hunter2&room_id=1",
        "GET /ws?room_id=1&access_token=hunter2 HTTP/1.1",
        "GET /ws?ticket=hunter2",
        "GET /ws%3Ftoken%3Dhunter2",
        "Authorization: Bearer hunter2hunter2",
        "authorization=bearer hunter2hunter2",
        "Authorization: Basic hunter2hunter2==",
        "Sec-WebSocket-Protocol: parley.v1, bearer.hunter2.hunter2.hunter2",
        "Sec-WebSocket-Protocol: bearer, hunter2.hunter2",
        "{\"type\":\"hello\",\"token\":\"hunter2\"}",
        "{\"password\" : \"my \\\" hunter2\"}",
        "{'password': 'the hunter2'}",
        "password=hunter2",
        "PGPASSWORD=hunter2 psql",
        "user=u password='a hunter2' dbname=d",
        "refresh_token: hunter2",
        "JWT_SECRET=hunter2",
        "api_key=hunter2",
        "Cookie: hunter2",
        "cannot reach postgres://u:hunter2@h/d",
        "cannot reach redis://:hunter2@h/0",
        "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nhunter2",
        "{\"password\":\"hunter2",
      })
  void hidesSecrets(String line) {
    assertThat(Redaction.line(line)).contains("***").doesNotContain("hunter2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "refused %s!", "(%s)", "a%%20%s", "x=%s;", "[%s, %s]"})
  void hidesWhatLooksLikeAJwt(String line) {
    assertThat(Redaction.line(line.replace("%s", JWT).replace("%%", "%")))
        .doesNotContain("eyJ", "hunter2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "GET /ws?token=abc&room_id=1 | GET /ws?token=***&room_id=1",
        "{\"token\":\"abc\",\"id\":1} | {\"token\":***,\"id\":1}",
        "postgres://u:abc@h/d        | postgres://u:***@h/d",
        "a token was refused         | a token was refused",
        "listening on http://127.0.0.1:8080/ | listening on http://127.0.0.1:8080/",
        "mail to a@b.example at 10:30 | mail to a@b.example at 10:30",
      })
  void leavesTheRest(String line, String redacted) {
    assertThat(Redaction.line(line)).isEqualTo(redacted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token=hunter2",
        "room_id=1&ACCESS_TOKEN=hunter2&x=1",
        "%74icket=hunter2",
        "to%6ben=hunter2&limit=5",
        "code=hunter2",
        "token=a&token=hunter2"
      })
  void hidesSecretParametersHoweverTheirNamesAreEncoded(String query) {
    assertThat(Redaction.query(query)).contains("***").doesNotContain("hunter2");
  }

  @Test
  void leavesTheOtherParameters() {
    assertThat(Redaction.query("limit=5&%zz=1&a&b=")).isEqualTo("limit=5&%zz=1&a&b=");
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/invites/0199.hunter2/accept,/api/v1/invites/***/accept",
    "/api/v1/invites/0199.hunter2,/api/v1/invites/***",
    "/api/v1/%69nvites/0199.hunter2/accept/x,/api/v1/%69nvites/***/accept/x",
    "/api/v1/invites//hunter2,/api/v1/invites//***",
    "/api/v1/rooms/1/invites,/api/v1/rooms/1/invites",
    "/%zz,/%zz"
  })
  void hidesTheCodeOfAnInvitation(String path, String redacted) {
    assertThat(Redaction.path(path)).isEqualTo(redacted);
  }

  /// Whoever controls a log line must not be able to hold up the log.
  @Test
  void staysFastOnHostileLines() {
    for (var part :
        new String[] {
          "token=",
          "password=\"\\",
          "\"\\\"",
          "eyJ",
          "eyJaaaaa.",
          "://a:",
          "-----BEGIN PRIVATE KEY-----",
          "bearer ",
          "'"
        }) {
      var line = part.repeat(16_384 / part.length());
      Assertions.assertTimeout(Duration.ofSeconds(2), () -> Redaction.line(line), part);
    }
  }
}
