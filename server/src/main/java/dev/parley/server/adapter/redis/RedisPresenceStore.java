package dev.parley.server.adapter.redis;

import dev.parley.server.base.OutageException;
import dev.parley.server.base.OutageException.Kind;
import dev.parley.server.base.Ticker;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.presence.Circle;
import dev.parley.server.domain.presence.PresenceStore;
import dev.parley.server.domain.presence.Sighting;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The presence of all nodes that share a Redis. Each method is one script over three keys that
/// stand in one slot, so it is done wholly or not at all, on a cluster too. What is not repeated
/// lapses by the clock of Redis; those of the nodes do not matter.
///
/// Thread-safe. Whoever asks waits a quarter of a second at most, and after a silence of Redis
/// nobody waits for a second.
public final class RedisPresenceStore implements PresenceStore {
  private static final String[] KEYS = {
    RedisLink.PREFIX + "{presence}:until",
    RedisLink.PREFIX + "{presence}:users",
    RedisLink.PREFIX + "{presence}:circles"
  };

  private static final String SHARED = "presence.lua";

  /// Its bytes stand in the order of [String#compareTo], which those of UTF-8 do not quite.
  private static final Charset TEXT = Charset.forName("CESU-8");

  private static final Duration PATIENCE = Duration.ofMillis(250);
  private static final long LEFT_ALONE = Duration.ofSeconds(1).toNanos();
  private static final String AWAY = "Redis is away";
  private static final byte[] EXPIRES = number(EXPIRY.toMillis());

  private final RedisLink link;
  private final Ticker ticker;
  private final Script turn = Script.of(SHARED, "presence_turn.lua");
  private final Script beat = Script.of(SHARED, "presence_beat.lua");
  private final Script sweep = Script.of(SHARED, "presence_sweep.lua");
  private final Script online = Script.of(SHARED, "presence_online.lua");
  private final Script list = Script.of(SHARED, "presence_list.lua");
  private volatile long silentAt;

  public RedisPresenceStore(RedisLink link, Ticker ticker) {
    this.link = link;
    this.ticker = ticker;
    this.silentAt = ticker.nanos() - LEFT_ALONE;
  }

  @Override
  public Turn turn(String node, Collection<Sighting> came, Collection<Sighting> went) {
    if (came.isEmpty() && went.isEmpty()) {
      return new Turn(Set.of(), Set.of());
    }
    var words = new ArrayList<byte[]>();
    words.add(EXPIRES);
    words.add(number(came.size()));
    came.forEach(sighting -> words.add(bytes(sighting, node)));
    went.forEach(sighting -> words.add(bytes(sighting, node)));
    var answer = ask(turn, words);
    return new Turn(Set.copyOf(users(answer.get(0))), Set.copyOf(users(answer.get(1))));
  }

  @Override
  public void beat(String node, Collection<Sighting> sightings) {
    if (!sightings.isEmpty()) {
      var words = new ArrayList<byte[]>();
      words.add(EXPIRES);
      sightings.forEach(sighting -> words.add(bytes(sighting, node)));
      ask(beat, words);
    }
  }

  @Override
  public Swept sweep() {
    var answer = ask(sweep, List.of(number(BATCH)));
    return new Swept(Set.copyOf(users(answer.get(0))), answer.get(1).equals(1L));
  }

  @Override
  public Set<UserId> online(Collection<UserId> users) {
    return which(List.copyOf(users), UserId::value);
  }

  @Override
  public Set<UserId> online(Circle circle, Collection<UserId> users) {
    return which(List.copyOf(users), user -> user.value() + '\0' + circle.name());
  }

  @Override
  public List<UserId> list(Circle circle, Optional<UserId> after, int limit) {
    var words = new ArrayList<byte[]>();
    words.add(circle.name().getBytes(TEXT));
    words.add(number(Math.clamp(limit, 1, BATCH)));
    after.ifPresent(user -> words.add(user.value().getBytes(TEXT)));
    return users(ask(list, words));
  }

  private Set<UserId> which(List<UserId> users, Function<UserId, String> words) {
    if (users.isEmpty()) {
      return Set.of();
    }
    var answer = ask(online, users.stream().map(user -> words.apply(user).getBytes(TEXT)).toList());
    return IntStream.range(0, users.size())
        .filter(i -> answer.get(i).equals(1L))
        .mapToObj(users::get)
        .collect(Collectors.toUnmodifiableSet());
  }

  private List<?> ask(Script script, List<byte[]> words) {
    if (ticker.nanos() - silentAt < LEFT_ALONE) {
      throw away(Kind.UNAVAILABLE, "it did not answer");
    }
    RedisFuture<List<?>> answer;
    try {
      var wire =
          link.wire().orElseThrow(() -> away(Kind.UNAVAILABLE, "it was never reached so far"));
      answer =
          wire.commands()
              .eval(script.text(), ScriptOutputType.MULTI, KEYS, words.toArray(byte[][]::new));
    } catch (RedisException e) {
      throw new OutageException(Kind.UNAVAILABLE, AWAY, e);
    }
    return await(answer);
  }

  private List<?> await(RedisFuture<List<?>> answer) {
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new OutageException(Kind.UNKNOWN, AWAY, e);
    } catch (TimeoutException e) {
      silentAt = ticker.nanos();
      throw new OutageException(Kind.UNKNOWN, AWAY, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OutageException(Kind.UNKNOWN, AWAY, e);
    }
  }

  private static OutageException away(Kind kind, String why) {
    return new OutageException(kind, AWAY, new IOException(why));
  }

  private static byte[] bytes(Sighting sighting, String node) {
    return String.join("\0", sighting.user().value(), sighting.circle().name(), node)
        .getBytes(TEXT);
  }

  private static List<UserId> users(Object answer) {
    return ((List<?>) answer)
        .stream().map(user -> new UserId(new String((byte[]) user, TEXT))).toList();
  }

  private static byte[] number(long number) {
    return String.valueOf(number).getBytes(StandardCharsets.UTF_8);
  }
}
