package dev.parley.server.compat.workspace;

import dev.parley.server.base.Limits;
import dev.parley.server.base.Refusal;
import dev.parley.server.compat.OpenRealm;
import dev.parley.server.domain.message.Message;
import dev.parley.server.domain.message.MessageStore.Page;
import dev.parley.server.domain.room.Room;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.RouteDraft;
import dev.parley.server.rest.http.Verb;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What was said in the first seed's groups.
public final class WorkspaceHistoryRoutes {
  private static final String MESSAGES = WorkspaceRoutes.GROUP + "/messages";
  private static final int PAGE = 50;
  private static final int LONGEST_PAGE = 1_000;
  private static final long LAST_SECOND = Instant.parse("9999-12-31T23:59:58Z").getEpochSecond();

  private final Workspace workspace;
  private final OpenRealm realm;

  public WorkspaceHistoryRoutes(Workspace workspace, OpenRealm realm) {
    this.workspace = workspace;
    this.realm = realm;
  }

  /// A page of messages.
  record History(List<WorkspaceMessageView> messages, int count) {}

  /// How many messages there are.
  record Count(long count) {}

  public void register(Api api) {
    page(api, MESSAGES, "listGroupMessages", "The newest messages of a group, newest first")
        .openRealm(realm.guard(call -> page(call, new Page.Newest(limit(call)))));
    page(api, MESSAGES + "/after", "listGroupMessagesAfter", "From a second on, oldest first")
        .query("after", "Unix seconds, inclusive; required")
        .openRealm(realm.guard(this::after));
    page(api, MESSAGES + "/between", "listGroupMessagesBetween", "Of some time, oldest first")
        .query("start", "Unix seconds, inclusive; required")
        .query("end", "Unix seconds, its whole second included; required")
        .openRealm(realm.guard(this::between));
    WorkspaceRoutes.open(
            api, Verb.GET, MESSAGES + "/count", "countGroupMessages", "How many messages")
        .gives(200, Count.class)
        .openRealm(realm.guard(this::count));
  }

  private static RouteDraft page(Api api, String path, String operation, String summary) {
    return WorkspaceRoutes.open(api, Verb.GET, path, operation, summary)
        .query("limit", "How many, 50 if absent, 1000 at most")
        .gives(200, History.class);
  }

  private Answer after(Call call) {
    return page(call, new Page.Within(second(call, "after"), second(LAST_SECOND), limit(call)));
  }

  private Answer between(Call call) {
    var start = second(call, "start");
    var end = second(call, "end").plusSeconds(1);
    return page(call, new Page.Within(start, end, limit(call)));
  }

  private Answer page(Call call, Page page) {
    var messages = group(call).map(group -> messages(call, group, page)).orElse(List.of());
    return Answer.ok(new History(messages, messages.size()));
  }

  /// The newest may lie in the cache; everything else, and what the cache does not provably hold,
  /// is read from the database.
  private List<WorkspaceMessageView> messages(Call call, Room group, Page page) {
    var access = workspace.look(group.id());
    if (!(page instanceof Page.Newest(int limit))) {
      return views(call, workspace.messages().history(access, page, Limits.ANSWER_CONTENT));
    }
    var shelf = workspace.shelf(group, call.path("org_id"), call.path("group_id"));
    var found = shelf.newest(group.head(), limit);
    if (found.isPresent()) {
      return found.get();
    }
    var read = workspace.messages().history(access, page, Limits.ANSWER_CONTENT);
    shelf.fill(read);
    return views(call, read);
  }

  private static List<WorkspaceMessageView> views(Call call, List<Message> messages) {
    return messages.stream()
        .map(
            message -> WorkspaceMessageView.of(message, call.path("org_id"), call.path("group_id")))
        .flatMap(Optional::stream)
        .toList();
  }

  private Answer count(Call call) {
    return Answer.ok(new Count(group(call).map(group -> group.head().seq()).orElse(0L)));
  }

  /// An unknown group has no messages, which is no error here.
  private Optional<Room> group(Call call) {
    return workspace.findGroup(call.path("org_id"), call.path("group_id"));
  }

  /// What is no number, or none that makes sense, counts as absent.
  private static int limit(Call call) {
    long wish = number(call.query("limit").orElse("")).orElse(0);
    return wish <= 0 ? PAGE : (int) Math.min(wish, LONGEST_PAGE);
  }

  private static Instant second(Call call, String name) {
    var text =
        call.query(name)
            .orElseThrow(
                () -> Refusal.badRequest(name + " query parameter is required (Unix timestamp)"));
    return second(
        number(text).orElseThrow(() -> Refusal.badRequest("Invalid " + name + " timestamp")));
  }

  /// Nothing was posted before 1970 or will be after 9999.
  private static Instant second(long unixSeconds) {
    return Instant.ofEpochSecond(Math.clamp(unixSeconds, 0, LAST_SECOND));
  }

  private static OptionalLong number(String text) {
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
