package dev.parley.server.adapter.redis;

import dev.parley.server.domain.message.HistoryCache;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScoredValue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The history that operators of the first seed know: a sorted set per room, scored by the second,
/// with at most a thousand lines, gone seven days after the last write. One thread writes what
/// waits, all lines of one room at once; what finds the queue full or Redis away is forgotten.
public final class RedisHistoryCache implements HistoryCache, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedisHistoryCache.class);
  private static final long TTL_SECONDS = 604_800;
  private static final int WAITING = 2_000;
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration READ = Duration.ofMillis(250);

  private final RedisLink link;
  private final BlockingQueue<Lines> queue = new ArrayBlockingQueue<>(WAITING);
  private final Thread thread = Thread.ofVirtual().name("history").unstarted(this::run);
  private volatile boolean closed;

  private RedisHistoryCache(RedisLink link) {
    this.link = link;
  }

  /// Opens the cache; it works as soon as Redis is there.
  public static RedisHistoryCache open(RedisLink link) {
    var cache = new RedisHistoryCache(link);
    cache.thread.start();
    return cache;
  }

  /// Lines of one room.
  private record Lines(String name, List<Line> lines) {}

  @Override
  public void put(String name, List<Line> lines) {
    boolean _ = queue.offer(new Lines(name, lines));
  }

  @Override
  public List<String> newest(String name, int limit) {
    try {
      var wire = link.wire();
      if (wire.isEmpty()) {
        return List.of();
      }
      var answer =
          wire.get().commands().zrevrangebyscore(name, everything(), Limit.create(0, limit));
      if (!answer.await(READ.toMillis(), TimeUnit.MILLISECONDS) || answer.getError() != null) {
        return List.of();
      }
      return answer.toCompletableFuture().join().stream()
          .map(line -> new String(line, StandardCharsets.UTF_8))
          .toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } catch (RuntimeException e) {
      LOG.debug("the history is not in Redis: {}", e.toString());
      return List.of();
    }
  }

  private static Range<Number> everything() {
    return Range.unbounded();
  }

  private void run() {
    while (!closed) {
      try {
        write(take());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        LOG.debug("the history is not kept in Redis: {}", e.toString());
      }
    }
  }

  private Map<String, List<Line>> take() throws InterruptedException {
    var waiting = new ArrayList<Lines>();
    waiting.add(queue.take());
    queue.drainTo(waiting);
    var byName = new HashMap<String, List<Line>>();
    for (var some : waiting) {
      byName.computeIfAbsent(some.name(), name -> new ArrayList<>()).addAll(some.lines());
    }
    return byName;
  }

  private void write(Map<String, List<Line>> byName) throws InterruptedException {
    var wire = link.wire();
    if (wire.isEmpty()) {
      return;
    }
    var commands = wire.get().commands();
    var answers = new ArrayList<RedisFuture<?>>();
    byName.forEach(
        (name, lines) -> {
          int first = Math.max(0, lines.size() - LINES);
          answers.add(commands.zadd(name, scored(lines.subList(first, lines.size()))));
          answers.add(commands.zremrangebyrank(name, 0, -LINES - 1));
          answers.add(commands.expire(name, TTL_SECONDS));
        });
    for (var answer : answers) {
      boolean _ = answer.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // An array of a generic type has no other maker.
  private static ScoredValue<byte[]>[] scored(List<Line> lines) {
    return lines.stream()
        .map(
            line ->
                ScoredValue.just(
                    (double) line.second(), line.text().getBytes(StandardCharsets.UTF_8)))
        .toArray(ScoredValue[]::new);
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    thread.interrupt();
    boolean _ = thread.join(PATIENCE);
  }
}
