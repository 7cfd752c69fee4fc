package dev.parley.server.compat.gochat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.compat.SeedHttp;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The third seed's files with curl, and the numbers for its operators.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class GoChatFilesTest {
  private final TestServer server;
  private final Path folder;
  private final Chatter alice;
  private final Chatter bob;

  GoChatFilesTest(TestDatabase database, @TempDir Path folder) {
    this.server = TestServer.start(database, Map.of());
    this.folder = folder;
    this.alice = Chatter.signUp(server, "alice");
    this.bob = Chatter.signUp(server, "bob");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void aFileIsSeenByThoseWhoSeeItsMessage() throws IOException {
    var uploaded = upload("plan.txt", "the plan");
    var url = uploaded.get("fileURL").asString();
    assertThat(url).isEqualTo("/files/" + uploaded.get("fileKey").asString());
    assertThat(alice.http().get(url).body()).isEqualTo("the plan");
    assertThat(bob.http().get(url).status()).isEqualTo(404);
    var room = alice.room("public");
    try (var socket = bob.connect(room)) {
      assertThat(socket.nextJson().get("type").asString()).isEqualTo("join");
      alice
          .http()
          .post(
              "/rooms/" + room + "/messages",
              "{\"message_type\":\"file\",\"file_url\":\"" + url + "\"}")
          .require(201);
      var frame = socket.nextJson();
      assertThat(frame.get("message_type").asString()).isEqualTo("file");
      assertThat(frame.get("file_url").asString()).isEqualTo(url);
    }
    assertThat(bob.http().get(url).body()).isEqualTo("the plan");
    var http = new SeedHttp(server.http());
    assertThat(http.get(url + "?token=" + bob.token()).body()).isEqualTo("the plan");
    assertThat(http.get(url).status()).isEqualTo(401);
  }

  @Test
  void operatorsFindTheirFourNumbers() {
    var room = alice.room("public");
    try (var socket = alice.connect(room)) {
      assertThat(socket.nextJson().get("type").asString()).isEqualTo("join");
      alice.post(room, "counted");
      var metrics = new SeedHttp(server.http()).get("/metrics").body();
      assertThat(metrics)
          .containsPattern("(?m)^websocket_connections_total [1-9]")
          .containsPattern("(?m)^messages_per_second \\d")
          .containsPattern("(?m)^db_write_latency_ms \\d")
          .containsPattern("(?m)^redis_pubsub_lag 0");
    }
  }

  @Test
  void aPageOfAnyOriginMayShowAFile() throws IOException {
    var url = upload("picture.txt", "a picture").get("fileURL").asString();
    var shown = run("curl", "-si", server.http() + url + "?token=" + alice.token());
    assertThat(shown).containsIgnoringCase("cross-origin-resource-policy: cross-origin");
    var own =
        run(
            "curl",
            "-si",
            "-H",
            "Authorization: Bearer " + alice.token(),
            server.http() + "/api/v1" + url);
    assertThat(own).containsIgnoringCase("cross-origin-resource-policy: same-origin");
  }

  /// Alice uploads a form as curl makes it.
  private JsonNode upload(String name, String content) throws IOException {
    var file = Files.writeString(folder.resolve(name), content);
    var answer =
        run(
            "curl",
            "-s",
            "-H",
            "Authorization: Bearer " + alice.token(),
            "-F",
            "file=@" + file,
            server.http() + "/files/upload");
    return JsonMapper.builder().build().readTree(answer);
  }

  private static String run(String... command) throws IOException {
    var process = new ProcessBuilder(command).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
