package dev.parley.server.rest;

import dev.parley.server.base.Refusal;
import dev.parley.server.domain.access.OrgAccess;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.search.Finding;
import dev.parley.server.domain.search.Search;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Dialect;
import dev.parley.server.rest.http.Verb;
import java.util.List;

/// Finding messages by what they say.
public final class SearchRoutes {
  private static final Dialect DIALECT = Dialect.ofNative("Search");
  private static final int PAGE = 20;

  private final Search search;

  public SearchRoutes(Search search) {
    this.search = search;
  }

  /// A part of a content, in UTF-16 code units.
  record HighlightView(int start, int end) {}

  /// A message that was found.
  record FindingView(MessageRoutes.MessageView message, List<HighlightView> highlights) {}

  /// A page of findings.
  record FindingList(List<FindingView> findings, boolean more) {}

  public void register(Api api) {
    api.route(
            DIALECT,
            Verb.GET,
            "/api/v1/orgs/{org_id}/search",
            "search",
            "Messages of the rooms that you see, newest first")
        .query("q", "Words, \"phrases\", begin*, -not, from: in: before: after: has:")
        .number("before", "Only messages before this message_id: the last of the page before")
        .number("limit", "How many, 20 if absent, 500 at most")
        .gives(200, FindingList.class)
        .inOrg(Role.GUEST, this::find);
  }

  private Answer find(Call call, OrgAccess access) {
    var text = call.query("q").orElseThrow(() -> Refusal.badRequest("q is required"));
    int limit = call.limit(PAGE);
    var found = search.find(access, text, call.number("before"), limit + 1);
    return Answer.ok(
        new FindingList(
            found.stream().limit(limit).map(SearchRoutes::view).toList(), found.size() > limit));
  }

  private static FindingView view(Finding finding) {
    return new FindingView(
        MessageRoutes.view(finding.message()),
        finding.highlights().stream()
            .map(span -> new HighlightView(span.start(), span.end()))
            .toList());
  }
}
