package dev.parley.server.compat.gochat;

import dev.parley.server.base.Moments;
import dev.parley.server.base.Refusal;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.message.Message;
import dev.parley.server.domain.search.Finding;
import dev.parley.server.domain.search.Search;
import dev.parley.server.domain.search.SearchStore.Scope;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Verb;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// Search in one of the third seed's rooms. What is asked is plain text: its words, in any order.
public final class GoChatSearchRoutes {
  private final GoChat chat;
  private final GoChatPeople people;
  private final Search search;

  public GoChatSearchRoutes(GoChat chat, GoChatPeople people, Search search) {
    this.chat = chat;
    this.people = people;
    this.search = search;
  }

  public void register(Api api) {
    GoChatRoomRoutes.route(
            api, Verb.GET, GoChatRoomRoutes.ROOM + "/search", "chatSearch", "Finds messages")
        .query("q", "Words that the messages hold")
        .number("limit", "How many, 50 if absent, 100 at most")
        .query("sender_id", "Only messages of this user")
        .query("before_time", "Only messages before this moment (RFC 3339)")
        .query("after_time", "Only messages after this moment (RFC 3339)")
        .givesList(200, GoChatMessage.class)
        .signedIn(this::find);
  }

  private Answer find(Call call, Principal.Account who) {
    var room = chat.enter(who, call.path("room_id"));
    var text = text(call);
    var sender = call.query("sender_id").map(GoChatPeople::id);
    if (!search.holdsWord(call.query("q").orElse(""))) {
      return Answer.ok(List.of());
    }
    var scope = new Scope(Optional.of(room.roomId()), sender);
    int limit = GoChatMessageRoutes.limit(call);
    var found =
        search.find(chat.hall(who), text, scope, OptionalLong.empty(), limit).stream()
            .map(Finding::message)
            .filter(message -> message.content().isPresent())
            .toList();
    var users = people.met(room, found.stream().map(Message::author).toList());
    return Answer.ok(found.stream().map(one -> GoChatMessage.of(one, users)).toList());
  }

  /// The question in the language of docs/search.md; what could be an operator is quoted.
  private static String text(Call call) {
    var terms = new ArrayList<>(words(call));
    moment(call, "before_time").ifPresent(at -> terms.add("before:" + at));
    moment(call, "after_time").ifPresent(at -> terms.add("after:" + at));
    return String.join(" ", terms);
  }

  private static List<String> words(Call call) {
    var words =
        call.query("q").stream()
            .flatMap(text -> Stream.of(text.replace('"', ' ').split("\\s+")))
            .filter(word -> !word.isEmpty())
            .map(GoChatSearchRoutes::term)
            .toList();
    if (words.isEmpty()) {
      throw Refusal.badRequest("Missing search query");
    }
    return words;
  }

  private static String term(String word) {
    return word.chars().allMatch(Character::isLetterOrDigit) ? word : '"' + word + '"';
  }

  private static Optional<Instant> moment(Call call, String name) {
    try {
      return call.query(name).map(Moments::parse);
    } catch (DateTimeException e) {
      throw Refusal.badRequest("Invalid " + name);
    }
  }
}
