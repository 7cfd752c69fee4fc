package dev.parley.server.domain.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.adapter.lucene.LuceneTextAnalyzer;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.Ticker;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.message.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class IndexingTest {
  @Test
  void aRoomWithoutEndHoldsUpNoOther() {
    var store = new Logs(List.of(room(1, 1_000_000), room(2, 3), room(3, 4)));
    try (var words = new LuceneTextAnalyzer()) {
      assertThat(new Indexing(store, words, Ticker.SYSTEM, Telemetry.SILENT).run().more()).isTrue();
    }
    assertThat(store.written).containsExactly(200L, 3L, 4L);
  }

  private static SearchStore.Lag room(long id, long last) {
    return new SearchStore.Lag(new OrgId(new UUID(0, 1)), new RoomId(new UUID(0, id)), 0, last);
  }

  /// Logs of events that are no messages.
  private static final class Logs implements SearchStore {
    private final List<Lag> rooms;
    private final List<Long> written = new ArrayList<>();

    Logs(List<Lag> rooms) {
      this.rooms = rooms;
    }

    @Override
    public List<Message> find(
        OrgId org, UserId user, SearchQuery query, Scope scope, OptionalLong before, int limit) {
      return List.of();
    }

    @Override
    public List<Lag> behind(int version, int limit) {
      return rooms;
    }

    @Override
    public Step read(Lag lag, int limit) {
      return new Step(Math.min(lag.last(), lag.pos() + limit), List.of());
    }

    @Override
    public boolean write(Lag lag, int version, long pos, List<Entry> entries) {
      written.add(pos);
      return true;
    }

    @Override
    public boolean exclusively(Runnable work) {
      work.run();
      return true;
    }
  }
}
