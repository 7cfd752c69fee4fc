package dev.parley.server.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.Person;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// C12: replaying the events over the old state gives what is fetched anew, after every single
/// command of a random sequence. A failure names its seed.
@ExtendWith(PostgresExtension.class)
final class ReplayTest {
  private static final int STEPS = 120;
  private static final List<String> EMOJI = List.of("👍", "🎉", "😀");

  @Test
  void replayOfTheEventsIsTheNewState(TestDatabase database) {
    long seed = Long.getLong("seed", 20_261_121L);
    try (var server = TestServer.start(database, Map.of())) {
      var ann = Person.signUp(server, "replay-ann");
      var bob = Person.signUp(server, "replay-bob");
      var org = ann.organization("Acme");
      ann.invite(org, bob);
      var room = ann.room(org, "replayed", bob);
      var random = new Random(seed);
      var state = new State();
      state.replay(events(ann, room, 0));
      for (int step = 0; step < STEPS; step++) {
        var command = command(random, state, ann, bob, room);
        state.replay(events(ann, room, state.pos));
        assertThat(state.toString())
            .as("seed %d, step %d: %s", seed, step, command)
            .isEqualTo(State.fetched(ann, room, state.pos).toString());
      }
    }
  }

  /// Runs one command, whether it succeeds or not, and names it.
  private static String command(Random random, State state, Person ann, Person bob, String room) {
    var at = "/api/v1/rooms/" + room;
    var who = random.nextInt(3) == 0 ? bob : ann;
    var ids = List.copyOf(state.messages.keySet());
    if (ids.isEmpty() || random.nextInt(4) == 0) {
      who.post(at + "/messages", Map.of("content", "m" + random.nextInt(1_000)));
      return "post";
    }
    var message = at + "/messages/" + ids.get(random.nextInt(ids.size()));
    var emoji = EMOJI.get(random.nextInt(EMOJI.size()));
    var reaction = message + "/reactions/" + URLEncoder.encode(emoji, StandardCharsets.UTF_8);
    return switch (random.nextInt(10)) {
      case 0, 1 -> said("edit", who.patch(message, Map.of("content", "e" + random.nextInt(1_000))));
      case 2 -> said("delete", who.delete(message));
      case 3, 4 -> said("react", who.put(reaction));
      case 5 -> said("unreact", who.delete(reaction));
      case 6 -> said("pin", ann.put(message + "/pin"));
      case 7 -> said("unpin", ann.delete(message + "/pin"));
      case 8 ->
          said("rename", ann.patch(at, Map.of("name", "n" + random.nextInt(5), "topic", "t")));
      default ->
          state.members.containsKey(bob.id())
              ? said(
                  "member",
                  random.nextBoolean()
                      ? ann.delete(at + "/members/" + bob.id())
                      : ann.patch(
                          at + "/members/" + bob.id(),
                          Map.of("role", random.nextBoolean() ? "moderator" : "member")))
              : said(
                  "add", ann.post(at + "/members", Map.of("user_id", bob.id(), "role", "member")));
    };
  }

  private static String said(String name, Person.Answer answer) {
    assertThat(answer.status()).as(name).isLessThan(500);
    return name + " " + answer.status();
  }

  private static List<JsonNode> events(Person person, String room, long after) {
    var all = new ArrayList<JsonNode>();
    person
        .get("/api/v1/rooms/" + room + "/events?limit=500&after=" + after)
        .require(200)
        .get("events")
        .forEach(all::add);
    return all;
  }

  /// What a client knows of a room.
  private static final class State {
    private final Map<Long, Post> messages = new TreeMap<>();
    private final Map<String, String> members = new TreeMap<>();
    private String about = "";
    private long pos;

    /// A message.
    private static final class Post {
      private String content;
      private boolean pinned;
      private final TreeSet<String> reactions = new TreeSet<>();

      private Post(String content) {
        this.content = content;
      }

      @Override
      public String toString() {
        return content + (pinned ? " pinned " : " ") + reactions;
      }
    }

    void replay(List<JsonNode> events) {
      for (var event : events) {
        assertThat(event.get("pos").asLong()).isEqualTo(pos + 1);
        pos++;
        apply(event, event.get("type").asString());
      }
    }

    private void apply(JsonNode event, String type) {
      switch (type) {
        case "message" -> messages.put(event.get("message_id").asLong(), new Post(content(event)));
        case "edit" -> post(event).content = content(event);
        case "delete" -> {
          var post = post(event);
          post.content = null;
          post.pinned = false;
          post.reactions.clear();
        }
        case "react" -> post(event).reactions.add(reaction(event));
        case "unreact" -> post(event).reactions.remove(reaction(event));
        case "pin" -> post(event).pinned = true;
        case "unpin" -> post(event).pinned = false;
        case "member_joined", "member_role" ->
            members.put(event.get("member_id").asString(), event.get("role").asString());
        case "member_left" -> members.remove(event.get("member_id").asString());
        case "room_changed" ->
            about = event.get("name").asString() + "/" + event.get("topic").asString();
        default -> throw new AssertionError("unknown event " + type);
      }
    }

    private Post post(JsonNode event) {
      return messages.get(event.get("message_id").asLong());
    }

    private static String reaction(JsonNode event) {
      return event.get("emoji").asString() + " " + event.get("user_id").asString();
    }

    private static String content(JsonNode node) {
      return node.hasNonNull("content") ? node.get("content").asString() : null;
    }

    /// The same, as REST shows it now.
    static State fetched(Person person, String room, long pos) {
      var at = "/api/v1/rooms/" + room;
      var state = new State();
      state.pos = pos;
      person
          .get(at + "/messages?limit=500")
          .require(200)
          .get("messages")
          .forEach(
              message ->
                  state.messages.put(message.get("message_id").asLong(), fetchedPost(message)));
      person
          .get(at + "/members?limit=500")
          .require(200)
          .get("members")
          .forEach(m -> state.members.put(m.get("user_id").asString(), m.get("role").asString()));
      var about = person.get(at).require(200);
      state.about = about.get("name").asString() + "/" + about.get("topic").asString();
      return state;
    }

    private static Post fetchedPost(JsonNode message) {
      var post = new Post(content(message));
      post.pinned = message.get("pinned").asBoolean();
      for (var reaction : message.get("reactions")) {
        for (var user : reaction.get("users")) {
          post.reactions.add(reaction.get("emoji").asString() + " " + user.asString());
        }
      }
      return post;
    }

    @Override
    public String toString() {
      return pos + "\n" + about + "\n" + members + "\n" + messages;
    }
  }
}
