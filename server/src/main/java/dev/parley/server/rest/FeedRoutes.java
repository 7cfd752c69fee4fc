package dev.parley.server.rest;

import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Dialect;
import dev.parley.server.rest.http.Verb;
import java.util.Optional;

/// The events of all your rooms as one stream (server-sent events).
public final class FeedRoutes {
  private static final Dialect DIALECT = Dialect.ofNative("Events").withTokenInQuery();

  private final Feeds feeds;
  private final FeedSources sources;

  public FeedRoutes(Feeds feeds, FeedSources sources) {
    this.feeds = feeds;
    this.sources = sources;
  }

  public void register(Api api) {
    api.route(
            DIALECT,
            Verb.GET,
            "/api/v1/events",
            "streamEvents",
            "The events of all your rooms from now on, or from Last-Event-ID on; `live` says that"
                + " you are up to date, `reset` that you should read a room anew (or may no"
                + " longer), or all of them if it names none. The token may stand in ?token= here, because browsers' EventSource"
                + " sends no headers of its own")
        .header("Last-Event-ID", "The id of the last event that you have seen")
        .query("token", "The access token, if there is no Authorization header")
        .givesMedia(200, "text/event-stream")
        .signedIn(this::stream);
  }

  private Answer stream(Call call, Principal.Account account) {
    if (!feeds.hasRoom()) {
      throw new RefusedException(new Refusal.Busy("too many event streams are open"));
    }
    Optional<FeedCursor> resumed = call.header("Last-Event-ID").map(FeedCursor::parse);
    return Answer.events(new Feed(account, resumed, call::authenticateAgain, sources, feeds));
  }
}
