package dev.parley.server.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.server.adapter.files.DiskBlobStore;
import dev.parley.server.base.FileId;
import dev.parley.server.base.Limits;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.Telemetry;
import dev.parley.server.domain.file.FileSweep;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Uploads, attachments and downloads as somebody sees them who has nothing but HTTP.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FilesTest {
  private static final byte[] PNG = {
    (byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'
  };

  private TestDatabase database;
  private RestFixture rest;
  private User ann;
  private User bob;
  private String org;
  private String room;

  @BeforeAll
  void start(TestDatabase given) {
    database = given;
    rest = new RestFixture(given.database());
    ann = rest.user();
    bob = rest.user();
    org = ann.createOrg("Acme");
    ann.addToOrg(org, bob, "member");
    room = ann.createRoom(org, "room", "private");
    ann.addToRoom(room, bob);
  }

  @AfterAll
  void stop() throws InterruptedException {
    rest.close();
  }

  @Test
  void aFileComesBackAsItWas() {
    var bytes = new byte[700_001];
    new Random(5).nextBytes(bytes);
    var file = ann.expect(201, upload(ann, org, "?name=noise.bin", bytes));
    assertThat(file.get("size").asLong()).isEqualTo(bytes.length);
    assertThat(file.get("sha256").asString()).hasSize(64);
    var got = download(ann, id(file));
    assertThat(got.body().getBytes(ISO_8859_1)).isEqualTo(bytes);
    assertThat(got.headers().firstValue("Content-Length")).contains("700001");
    assertThat(drafts()).isEmpty();
  }

  @Test
  void aFormBringsItsFileAndTheNameOfIt() {
    for (var name : List.of("Prüfung 数据.txt", "a\\\"b.txt")) {
      var form =
          "--x y\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nskip me\r\n"
              + "--x y\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
              + name
              + "\"\r\nContent-Type: image/png\r\n\r\nhello\r\n--x\r\n\r\n--x y--\r\n";
      var file =
          ann.expect(
              201,
              rest.send(
                  ann.request("/api/v1/orgs/" + org + "/files")
                      .header("Content-Type", "multipart/form-data; boundary=\"x y\"")
                      .POST(BodyPublishers.ofString(form))));
      assertThat(file.get("name").asString()).isEqualTo(name.replace("\\\"", "\""));
      assertThat(file.get("media_type").asString()).isEqualTo("text/plain");
      assertThat(download(ann, id(file)).body()).isEqualTo("hello\r\n--x\r\n");
    }
  }

  @Test
  void aBrokenFormIsRefused() {
    for (var form :
        List.of(
            "",
            "--b--",
            "--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nno file\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nno end",
            "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n\r\n--b--")) {
      var answer =
          rest.send(
              ann.request("/api/v1/orgs/" + org + "/files")
                  .header("Content-Type", "multipart/form-data; boundary=b")
                  .POST(BodyPublishers.ofString(form)));
      ann.expect(400, answer);
    }
    assertThat(drafts()).isEmpty();
  }

  @Test
  void theBytesSayWhatAFileIsAndNobodyRunsIt() {
    var html = "<!DOCTYPE html><html><script>alert(1)</script></html>".getBytes(UTF_8);
    var page = ann.expect(201, upload(ann, org, "?name=x.png", html));
    assertThat(page.get("media_type").asString()).isEqualTo("text/html");
    var got = download(ann, id(page));
    assertThat(header(got, "Content-Disposition")).startsWith("attachment; ");
    assertThat(header(got, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(got, "Content-Security-Policy")).startsWith("sandbox; default-src 'none'");
    var svg = "<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>".getBytes(UTF_8);
    assertThat(
            header(
                download(ann, id(ann.expect(201, upload(ann, org, "?name=a.svg", svg)))),
                "Content-Disposition"))
        .startsWith("attachment; ");
    var picture = ann.expect(201, upload(ann, org, "?name=%E2%82%AC%20rates%22.html", PNG));
    assertThat(picture.get("media_type").asString()).isEqualTo("image/png");
    assertThat(header(download(ann, id(picture)), "Content-Disposition"))
        .isEqualTo(
            "inline; filename=\"_ rates_.html\"; filename*=UTF-8''%E2%82%AC%20rates%22.html");
  }

  @Test
  void aNameIsForShowAlone() {
    var names =
        Map.of(
            "../../etc/passwd", "passwd",
            "..%5C..%5Cboot.ini", "boot.ini",
            ".htaccess", "htaccess",
            "a%0D%0AX-Evil:%201.txt", "aX-Evil: 1.txt",
            "cod%E2%80%AEgpj.exe", "codgpj.exe",
            "", "file",
            "...", "file");
    names.forEach(
        (given, kept) ->
            assertThat(ann.upload(org, given.replace("/", "%2F"), "x").get("name").asString())
                .isEqualTo(kept));
    assertThat(ann.upload(org, "n".repeat(3_000) + ".txt", "x").get("name").asString())
        .hasSize(200)
        .endsWith("n.txt");
  }

  @Test
  void aFileIsItsUploadersUntilItHangsOnAMessage() {
    var id = id(ann.upload(org, "a.txt", "for the room"));
    bob.expect(404, bob.send("GET", "/api/v1/files/" + id));
    bob.expect(404, bob.send("GET", "/api/v1/files/" + id + "/meta"));
    bob.post(404, messages(), Map.of("content", "mine?", "attachments", List.of(id)));
    attach(ann, room, id);
    assertThat(download(bob, id).body()).isEqualTo("for the room");
    // Who sees it may pass it on.
    var pair = bob.post(200, "/api/v1/orgs/" + org + "/direct", Map.of("user_id", ann.id()));
    attach(bob, pair.get("room_id").asString(), id);
    var eve = rest.user();
    eve.expect(404, eve.send("GET", "/api/v1/files/" + id));
    ann.addToOrg(org, eve, "member");
    eve.expect(404, eve.send("GET", "/api/v1/files/" + id));
    bob.expect(403, bob.send("DELETE", "/api/v1/files/" + id));
  }

  @Test
  void whoLeavesTheRoomLosesItsFilesAtOnce() {
    var carl = rest.user();
    ann.addToOrg(org, carl, "member");
    ann.addToRoom(room, carl);
    var hers = id(ann.upload(org, "a.txt", "x"));
    var his = id(carl.upload(org, "b.txt", "y"));
    attach(ann, room, hers);
    attach(carl, room, his);
    download(carl, hers);
    ann.expect(204, ann.send("DELETE", "/api/v1/rooms/" + room + "/members/" + carl.id()));
    carl.expect(404, carl.send("GET", "/api/v1/files/" + hers));
    carl.expect(404, carl.send("GET", "/api/v1/files/" + his));
    download(ann, his);
  }

  @Test
  void publicRoomsShowTheirFilesToTheOrganizationButNotToGuests() {
    var open = ann.createRoom(org, "open", "public");
    var id = id(ann.upload(org, "a.txt", "x"));
    attach(ann, open, id);
    download(bob, id);
    var guest = rest.user();
    ann.addToOrg(org, guest, "guest");
    guest.expect(404, guest.send("GET", "/api/v1/files/" + id));
    ann.expect(204, ann.send("POST", "/api/v1/rooms/" + open + "/bans/" + bob.id()));
    bob.expect(404, bob.send("GET", "/api/v1/files/" + id));
  }

  @Test
  void aDeletedMessageTakesItsFilesWithIt() {
    var id = id(ann.upload(org, "a.txt", "x"));
    var first = attach(ann, room, id);
    var second = attach(ann, room, id);
    ann.expect(204, ann.send("DELETE", messages() + "/" + first));
    download(bob, id);
    ann.expect(204, ann.send("DELETE", messages() + "/" + second));
    bob.expect(404, bob.send("GET", "/api/v1/files/" + id));
    ann.expect(404, ann.send("GET", "/api/v1/files/" + id));
  }

  @Test
  void aMessageTakesOnlyFilesThatItsSenderSees() {
    var elsewhere = rest.user();
    var foreign = id(elsewhere.upload(elsewhere.createOrg("Other"), "a.txt", "x"));
    var own = id(ann.upload(org, "a.txt", "x"));
    for (var bad :
        List.of(List.of(foreign), List.of(own, UUID.randomUUID().toString()), List.of(own, own))) {
      int status = bad.getLast().equals(own) ? 400 : 404;
      ann.post(status, messages(), Map.of("content", "x", "attachments", bad));
    }
    ann.post(400, messages(), Map.of("content", "x", "attachments", List.of("no id")));
    var posted = ann.post(201, messages(), Map.of("content", "", "attachments", List.of(own)));
    var message = ann.get(messages() + "/" + posted.get("message_id").asLong());
    assertThat(message.get("attachments").get(0).asString()).isEqualTo(own);
  }

  @Test
  void aRetryKeepsItsAnswerAlsoWhenTheFileHasGone() {
    var id = id(ann.upload(org, "a.txt", "x"));
    var body = "{\"content\":\"x\",\"attachments\":[\"" + id + "\"]}";
    var key = UUID.randomUUID().toString();
    var posted = ann.expect(201, post(key, body));
    ann.expect(204, ann.send("DELETE", "/api/v1/files/" + id));
    ann.expect(404, ann.send("GET", "/api/v1/files/" + id));
    assertThat(ann.expect(200, post(key, body)).get("message_id"))
        .isEqualTo(posted.get("message_id"));
    ann.expect(404, post(UUID.randomUUID().toString(), body));
  }

  @Test
  void partsAreServedAndUnchangedFilesAreNotSentAgain() {
    var id = id(ann.upload(org, "a.txt", "0123456789"));
    var parts =
        Map.of(
            "bytes=0-3", "0123",
            "bytes=7-", "789",
            "bytes=-2", "89",
            "bytes=5-99", "56789",
            "bytes=-99", "0123456789");
    parts.forEach(
        (range, text) -> {
          var part = ranged(id, "Range", range);
          assertThat(part.statusCode()).isEqualTo(206);
          assertThat(part.body()).isEqualTo(text);
        });
    assertThat(header(ranged(id, "Range", "bytes=7-"), "Content-Range")).isEqualTo("bytes 7-9/10");
    for (var whole : List.of("bytes=0-1,3-4", "lines=1-2", "bytes=-", "bytes=a-b")) {
      assertThat(ranged(id, "Range", whole).statusCode()).isEqualTo(200);
    }
    for (var beyond : List.of("bytes=10-", "bytes=5-4", "bytes=-0")) {
      assertThat(ranged(id, "Range", beyond).statusCode()).isEqualTo(416);
    }
    var tag = header(ranged(id, "Range", "bytes=0-"), "ETag");
    assertThat(ranged(id, "If-None-Match", tag).statusCode()).isEqualTo(304);
    var head =
        rest.send(ann.request("/api/v1/files/" + id).method("HEAD", BodyPublishers.noBody()));
    assertThat(head.headers().firstValue("Content-Length")).contains("10");
  }

  @Test
  void tooLargeIsRefusedEarlyAndLate() {
    var bytes = new byte[RestFixture.FILE_BYTES + 1];
    ann.expect(413, upload(ann, org, "", bytes));
    // Without a length in the head.
    var unsaid = BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(bytes));
    ann.expect(413, rest.send(ann.request("/api/v1/orgs/" + org + "/files").POST(unsaid)));
    ann.expect(400, upload(ann, org, "", new byte[0]));
    assertThat(drafts()).isEmpty();
  }

  @Test
  void anOrganizationHasItsQuota() {
    var small = ann.createOrg("Small");
    var bytes = new byte[RestFixture.FILE_BYTES];
    var first = id(ann.expect(201, upload(ann, small, "", bytes)));
    ann.expect(201, upload(ann, small, "", bytes));
    ann.expect(201, upload(ann, small, "", bytes));
    var refused = ann.expect(403, upload(ann, small, "", new byte[1]));
    assertThat(refused.get("code").asString()).isEqualTo("quota");
    ann.expect(204, ann.send("DELETE", "/api/v1/files/" + first));
    ann.expect(201, upload(ann, small, "", bytes));
  }

  @Test
  void anUploadThatBreaksOffLeavesNothing() throws IOException {
    var before = rows();
    try (var socket = new Socket("127.0.0.1", rest.http().port())) {
      var head =
          "POST /api/v1/orgs/%s/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 9999\r\n\r\nhalf"
              .formatted(org, ann.token());
      socket.getOutputStream().write(head.getBytes(UTF_8));
      socket.getOutputStream().flush();
      await().until(() -> drafts().size() == 1);
    }
    await().until(() -> drafts().isEmpty());
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void theSweepTakesWhatNobodyNeeds() throws IOException {
    var kept = id(ann.upload(org, "kept.txt", "kept"));
    var loose = id(ann.upload(org, "loose.txt", "loose"));
    var message = attach(ann, room, kept);
    var dropped = id(ann.upload(org, "dropped.txt", "dropped"));
    ann.expect(204, ann.send("DELETE", messages() + "/" + attach(ann, room, dropped)));
    var stranger = new FileId(rest.ids.uuid());
    try (var draft = rest.shelf.blobs().begin(stranger)) {
      draft.write(new byte[] {1}, 0, 1);
      draft.keep();
    }
    var today =
        new FileSweep(rest.shelf.store(), rest.shelf.blobs(), Instant::now, Telemetry.SILENT);
    sweep(today);
    download(ann, loose);
    assertThat(rest.shelf.blobs().open(stranger, 0)).isPresent();
    var tomorrow =
        new FileSweep(
            rest.shelf.store(),
            rest.shelf.blobs(),
            () -> Instant.now().plus(Duration.ofDays(2)),
            Telemetry.SILENT);
    sweep(tomorrow);
    ann.expect(404, ann.send("GET", "/api/v1/files/" + loose));
    for (var gone : List.of(new FileId(UUID.fromString(dropped)), stranger)) {
      assertThat(rest.shelf.blobs().open(gone, 0)).isEmpty();
    }
    assertThat(download(bob, kept).body()).isEqualTo("kept");
    ann.expect(204, ann.send("DELETE", messages() + "/" + message));
    sweep(tomorrow);
    assertThat(rest.shelf.blobs().open(new FileId(UUID.fromString(kept)), 0)).isEmpty();
  }

  @Test
  void theSweepSeesAllOfAFullFolder(@TempDir Path folder) throws IOException {
    var shard = Files.createDirectories(folder.resolve("c3"));
    database.execute(
        """
        insert into parley.file (org_id, file_id, uploader, name, type, size, sha256, created_at, wanted_at, loose)
        select '%s', ('00000000-0000-4000-8000-' || lpad(to_hex(n * 256 + 195), 12, '0'))::uuid, 'x', 'x', 'x', 1, 'x',
               now(), now(), false
          from generate_series(1, 600) n
        """
            .formatted(org));
    for (int i = 1; i <= 640; i++) {
      var id = new UUID(0x4000L, 0x8000_0000_0000_0000L + i * 256L + 0xC3);
      Files.write(shard.resolve(id.toString()), new byte[] {1});
    }
    var sweep =
        new FileSweep(
            rest.shelf.store(),
            new DiskBlobStore(folder, 0),
            () -> Instant.now().plus(Duration.ofHours(20)),
            Telemetry.SILENT);
    sweep(sweep);
    sweep.run();
    try (var left = Files.list(shard)) {
      assertThat(left).hasSize(600);
    }
  }

  @Test
  void aFullDiskRefusesAndLeavesNothing(@TempDir Path folder) throws IOException {
    var full = new DiskBlobStore(folder, Long.MAX_VALUE);
    assertThatThrownBy(() -> full.begin(new FileId(rest.ids.uuid())))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("no space");
    try (var left = Files.walk(folder).filter(Files::isRegularFile)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aFormIsReadNoFurtherThanAMebibyteBeforeItsFile() {
    var form =
        "--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n"
            + "x".repeat(1_200_000)
            + "\r\n--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhello\r\n--b--";
    var refused =
        ann.expect(
            400,
            rest.send(
                ann.request("/api/v1/orgs/" + org + "/files")
                    .header("Content-Type", "multipart/form-data; boundary=b")
                    .POST(BodyPublishers.ofString(form))));
    assertThat(refused.get("detail").asString()).contains("1 MiB");
  }

  @Test
  void anUploadCountsBeforeItsFormIsRead() throws IOException {
    var sockets = new ArrayList<Socket>();
    try {
      for (int i = 0; i < Limits.UPLOADS_PER_USER; i++) {
        var socket = new Socket("127.0.0.1", rest.http().port());
        sockets.add(socket);
        var head =
            "POST /api/v1/orgs/%s/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 9999\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nwait"
                .formatted(org, bob.token());
        socket.getOutputStream().write(head.getBytes(UTF_8));
        socket.getOutputStream().flush();
      }
      await().until(() -> upload(bob, org, "", new byte[] {1}).statusCode() == 503);
    } finally {
      for (var socket : sockets) {
        socket.close();
      }
    }
    await().until(() -> upload(bob, org, "", new byte[] {1}).statusCode() == 201);
  }

  private static void sweep(FileSweep sweep) {
    for (int i = 0; i < 256; i++) {
      sweep.run();
    }
  }

  private String messages() {
    return "/api/v1/rooms/" + room + "/messages";
  }

  private static String id(JsonNode file) {
    return file.get("file_id").asString();
  }

  private long attach(User user, String where, String id) {
    return user.post(
            201,
            "/api/v1/rooms/" + where + "/messages",
            Map.of("content", "see", "attachments", List.of(id)))
        .get("message_id")
        .asLong();
  }

  private HttpResponse<String> post(String key, String body) {
    return rest.send(
        ann.request(messages()).header("Idempotency-Key", key).POST(BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> upload(User user, String where, String query, byte[] bytes) {
    return rest.send(
        user.request("/api/v1/orgs/" + where + "/files" + query)
            .POST(HttpRequest.BodyPublishers.ofByteArray(bytes)));
  }

  private HttpResponse<String> download(User user, String id) {
    var got = rest.http().sendLatin(user.request("/api/v1/files/" + id));
    assertThat(got.statusCode()).as(got.body()).isEqualTo(200);
    return got;
  }

  private HttpResponse<String> ranged(String id, String name, String value) {
    return rest.http().sendLatin(ann.request("/api/v1/files/" + id).header(name, value));
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  private List<Path> drafts() {
    var folder = rest.folder.resolve("drafts");
    try (Stream<Path> all = Files.exists(folder) ? Files.list(folder) : Stream.empty()) {
      return all.toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private String rows() {
    return TestDatabase.ask(database.superuser(), "select count(*) from parley.file");
  }
}
