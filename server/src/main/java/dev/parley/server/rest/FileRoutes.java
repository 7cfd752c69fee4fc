package dev.parley.server.rest;

import dev.parley.server.base.FileId;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.OrgAccess;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.file.File;
import dev.parley.server.domain.file.Files;
import dev.parley.server.domain.file.Files.Incoming;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Dialect;
import dev.parley.server.rest.http.Verb;
import java.time.Instant;

/// What users upload and attach to messages.
public final class FileRoutes {
  private static final Dialect DIALECT = Dialect.ofNative("Files");
  private static final String FILES = "/api/v1/files";
  private static final String FILE = FILES + "/{file_id}";

  private final Files files;

  public FileRoutes(Files files) {
    this.files = files;
  }

  /// What is known of a file.
  ///
  /// @param mediaType as its bytes tell it
  record FileView(
      FileId fileId,
      OrgId orgId,
      UserId userId,
      String name,
      String mediaType,
      long size,
      String sha256,
      Instant createdAt) {}

  public void register(Api api) {
    api.route(
            DIALECT,
            Verb.POST,
            "/api/v1/orgs/{org_id}/files",
            "uploadFile",
            "Uploads a file, which you alone see until it is attached to a message")
        .takesUpload()
        .query("name", "What the file is called; a form may say it itself")
        .gives(201, FileView.class)
        .inOrg(Role.GUEST, this::upload);
    Download.declare(api.route(DIALECT, Verb.GET, FILE, "downloadFile", Download.MEANING))
        .signedIn(this::download);
    api.route(DIALECT, Verb.GET, FILE + "/meta", "getFile", "What is known of a file")
        .gives(200, FileView.class)
        .signedIn((call, account) -> Answer.ok(view(files.get(account, id(call)))));
    api.route(
            DIALECT,
            Verb.DELETE,
            FILE,
            "deleteFile",
            "Removes a file for good: yours, or as an admin one that you see")
        .givesNothing()
        .signedIn(this::delete);
  }

  private Answer upload(Call call, OrgAccess access) {
    var file = files.upload(access, () -> incoming(call));
    return Answer.created(view(file)).with("Location", FILES + "/" + file.id());
  }

  /// The file in a request, under the name that its form or its address says.
  public static Incoming incoming(Call call) {
    var upload = call.upload();
    var name = upload.name().or(() -> call.query("name")).orElse("");
    return new Incoming(name, upload.length(), upload.bytes());
  }

  private Answer download(Call call, Principal.Account account) {
    return Download.of(call, files.get(account, id(call))).answer(files);
  }

  private Answer delete(Call call, Principal.Account account) {
    files.delete(account, id(call));
    return Answer.done();
  }

  private static FileId id(Call call) {
    return FileId.of(call.path("file_id"));
  }

  private static FileView view(File file) {
    return new FileView(
        file.id(),
        file.org(),
        file.uploader(),
        file.name(),
        file.type(),
        file.size(),
        file.sha256(),
        file.createdAt());
  }
}
