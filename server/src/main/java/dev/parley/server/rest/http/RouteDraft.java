package dev.parley.server.rest.http;

import dev.parley.server.domain.access.AccessControl;
import dev.parley.server.domain.access.OrgAccess;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomAccess;

/// A route that lacks its policy; the last call gives it one, and with it the proof that the
/// handler needs.
public final class RouteDraft {
  private final Api api;
  private final AccessControl access;
  private final Verb verb;
  private final String path;
  private final String operation;
  private final Dialect dialect;
  private Route.Doc doc;

  RouteDraft(
      Api api,
      AccessControl access,
      Verb verb,
      String path,
      String operation,
      Dialect dialect,
      String summary) {
    this.api = api;
    this.access = access;
    this.verb = verb;
    this.path = path;
    this.operation = operation;
    this.dialect = dialect;
    this.doc = Route.Doc.of(summary);
  }

  /// Handles a call together with the proof that its policy asks for.
  @FunctionalInterface
  public interface Guarded<P> {
    /// The answer, or a refusal.
    Answer answer(Call call, P proof);
  }

  /// The record of the JSON body.
  public RouteDraft takes(Class<?> body) {
    doc = doc.taking(body);
    return this;
  }

  /// The body is a file: as it is, or as a part of `multipart/form-data`. The handler reads it as
  /// it arrives ([Call#upload]).
  public RouteDraft takesUpload() {
    doc = doc.uploading();
    return this;
  }

  /// The record of the JSON answer with this status.
  public RouteDraft gives(int status, Class<?> body) {
    doc = doc.giving(status, new Route.Given.One(body));
    return this;
  }

  /// A JSON array of this record.
  public RouteDraft givesList(int status, Class<?> element) {
    doc = doc.giving(status, new Route.Given.Many(element));
    return this;
  }

  /// An answer that is not JSON.
  public RouteDraft givesMedia(int status, String mediaType) {
    doc = doc.giving(status, new Route.Given.Media(mediaType));
    return this;
  }

  /// An answer without a body.
  public RouteDraft givesNothing() {
    doc = doc.giving(204, new Route.Given.Nothing());
    return this;
  }

  /// An answer without a body and with this status.
  public RouteDraft givesNothing(int status) {
    doc = doc.giving(status, new Route.Given.Nothing());
    return this;
  }

  /// A query parameter that the handler reads.
  public RouteDraft query(String name, String meaning) {
    doc = doc.asking(name, meaning);
    return this;
  }

  /// A query parameter that the handler reads as a number from 0 up.
  public RouteDraft number(String name, String meaning) {
    doc = doc.counting(name, meaning);
    return this;
  }

  /// A request header that the handler reads.
  public RouteDraft header(String name, String meaning) {
    doc = doc.reading(name, meaning);
    return this;
  }

  /// For anybody.
  public void anonymous(Route.Action handler) {
    finish(new Policy.Anonymous(), handler);
  }

  /// For the open realm: whoever comes without a token.
  public void openRealm(Route.Action handler) {
    finish(new Policy.OpenRealm(), handler);
  }

  /// For whoever proves an account.
  public void signedIn(Guarded<Principal.Account> handler) {
    finish(new Policy.SignedIn(), call -> handler.answer(call, call.account()));
  }

  /// For members of the organization `{org_id}`, from a role up.
  public void inOrg(Role least, Guarded<OrgAccess> handler) {
    finish(
        new Policy.InOrg(least),
        call -> handler.answer(call, access.org(call.account(), call.orgId()).require(least)));
  }

  /// For whoever may see the room `{room_id}`.
  public void mayLook(Guarded<RoomAccess> handler) {
    finish(
        new Policy.MayLook(),
        call -> handler.answer(call, access.room(call.account(), call.roomId())));
  }

  /// For members of the room `{room_id}`, from a role up.
  public void inRoom(Role least, Guarded<RoomAccess> handler) {
    finish(
        new Policy.InRoom(least),
        call ->
            handler.answer(
                call, access.room(call.account(), call.roomId()).requireMember().require(least)));
  }

  @Override
  public String toString() {
    return verb + " " + path + " (" + operation + ")";
  }

  private void finish(Policy policy, Route.Action action) {
    api.finish(this, new Route(verb, path, operation, policy, dialect, doc, action));
  }
}
