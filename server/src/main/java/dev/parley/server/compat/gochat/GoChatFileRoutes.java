package dev.parley.server.compat.gochat;

import dev.parley.server.base.FileId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.file.File;
import dev.parley.server.domain.file.Files;
import dev.parley.server.rest.Download;
import dev.parley.server.rest.FileRoutes;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Verb;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The third seed's files: who uploads one says where it is in a message, and from then on whoever
/// sees the message may have it.
public final class GoChatFileRoutes {
  private static final String FILES = "/files/";
  private static final Pattern OURS =
      Pattern.compile("(?:/files/)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

  private final GoChat chat;
  private final Files files;

  public GoChatFileRoutes(GoChat chat, Files files) {
    this.chat = chat;
    this.files = files;
  }

  /// The address of a file.
  static String url(String file) {
    return FILES + file;
  }

  /// The file of an address or a key, if it is one of ours.
  static Optional<String> file(String url) {
    var match = OURS.matcher(url);
    return match.matches() ? Optional.of(match.group(1)) : Optional.empty();
  }

  public void register(Api api) {
    GoChatRoomRoutes.route(api, Verb.POST, FILES + "upload", "chatUpload", "Uploads a file")
        .takesUpload()
        .query("name", "What the file is called; a form may say it itself")
        .givesMedia(200, "application/json")
        .signedIn(this::upload);
    // A picture in a page can send no header, so the token may stand in the address.
    Download.declare(
            api.route(
                GoChatErrors.GUARDED.withTokenInQuery(),
                Verb.GET,
                FILES + "{file_id}",
                "chatDownload",
                Download.MEANING))
        .signedIn(this::download);
  }

  /// The names of the fields are those of the seed, which are no others' kind.
  private Answer upload(Call call, Principal.Account who) {
    var file = files.upload(chat.hall(who), () -> FileRoutes.incoming(call));
    return Answer.ok(uploaded(file));
  }

  private static Map<String, Object> uploaded(File file) {
    var id = file.id().toString();
    return Map.of(
        "message", "File uploaded successfully",
        "fileKey", id,
        "fileURL", url(id),
        "name", file.name(),
        "type", file.type(),
        "size", file.size());
  }

  private Answer download(Call call, Principal.Account who) {
    // The token in the address is all that counts, so a page of any origin may show what it has.
    return Download.of(call, files.get(who, id(call)))
        .answer(files)
        .with("Cross-Origin-Resource-Policy", "cross-origin");
  }

  private static FileId id(Call call) {
    try {
      return FileId.of(call.path("file_id"));
    } catch (RefusedException e) {
      throw Refusal.notFound("no such file");
    }
  }
}
