package dev.parley.server.compat.messaging;

import dev.parley.server.base.Limits;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.compat.SeedImport;
import dev.parley.server.domain.intake.HistoryStore.Range;
import dev.parley.server.domain.intake.Intake;
import dev.parley.server.domain.intake.OldAccount;
import dev.parley.server.domain.intake.OldIds;
import dev.parley.server.domain.intake.OldMessage;
import dev.parley.server.domain.intake.OldTime;
import dev.parley.server.domain.intake.Report;
import dev.parley.server.domain.intake.Source;
import dev.parley.server.domain.intake.SourceRow;
import dev.parley.server.domain.intake.Tally;
import dev.parley.server.domain.intake.Verdict;
import dev.parley.server.domain.message.NewMessage;
import dev.parley.server.domain.room.ReceiptStore.Stretch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/// The second seed's database: its messages go into the direct rooms of their two people, with
/// their own times and, as far as they ascend, ids.
///
/// With the users of its login service beside them these people are accounts, whose ids are those
/// that tokens name as their subject; without them they are names that prove nothing.
public final class MessagingImport implements SeedImport {
  private static final String FAMILY = "messaging";
  private static final Pattern UNFIT = Pattern.compile("[^\\p{L}\\p{N}]+");
  private static final Set<String> ARRIVED = Set.of("delivered", "read");

  private static final String USERS =
      """
      select u.id::text as id, u.name, u.email,
             coalesce(to_jsonb(u) ->> 'encrypted_password', to_jsonb(u) ->> 'password_digest') as hash,
             (to_jsonb(u) ->> 'created_at')::timestamptz as created_at
        from users u order by u.id
      """;

  /// The message that names the database, and the largest id.
  private static final String FIRST =
      """
      select id, sender_id::text as sender_id, receiver_id::text as receiver_id,
             created_at::timestamptz as created_at, (select max(id) from messages) as largest
        from messages order by id limit 1
      """;

  private static final String MESSAGES =
      """
      select id, sender_id::text as sender_id, receiver_id::text as receiver_id, content, status,
             created_at::timestamptz as created_at
        from messages
       order by least(sender_id::text, receiver_id::text) collate "C",
                greatest(sender_id::text, receiver_id::text) collate "C", created_at, id
      """;

  @Override
  public String family() {
    return FAMILY;
  }

  @Override
  public boolean fits(Map<String, Set<String>> tables) {
    return SeedImport.has(
        tables, "messages", "id", "sender_id", "receiver_id", "content", "status", "created_at");
  }

  @Override
  public void run(Source source, Intake intake, Report report) {
    boolean accounts = SeedImport.has(source.tables(), "users", "id", "name", "email");
    if (accounts) {
      intake.reserve(Messaging.ORG, Messaging.NAME);
      var users = report.table("users");
      source.read(USERS, row -> users.take(row.textOrEmpty("id"), () -> user(row, intake)));
    }
    var org =
        accounts
            ? Messaging.ORG
            : intake.openOrg(Messaging.openId(""), Messaging.OPEN_HANDLE, Messaging.NAME);
    var messages = report.table("messages");
    var people = new People(accounts);
    var range = range(source, intake, org);
    var talk = new Talk(intake, org, range, messages, accounts);
    source.read(
        MESSAGES,
        row -> {
          var id = row.textOrEmpty("id");
          try {
            talk.add(id, people.message(row), people.other(row), ARRIVED.contains(status(row)));
          } catch (RefusedException e) {
            messages.count(id, Verdict.refused(e.refusal().message()));
          }
        });
    talk.end();
  }

  private static Range range(Source source, Intake intake, OrgId org) {
    var kept = new ArrayList<Range>(1);
    source.read(
        FIRST,
        row ->
            kept.add(
                intake.keepIds(
                    org,
                    op(row, row.instant("created_at").orElse(Instant.EPOCH)),
                    row.number("largest").orElse(0))));
    return kept.isEmpty() ? new Range(1, 0) : kept.getFirst();
  }

  private static UUID op(SourceRow row, Instant at) {
    return OldIds.message(
        FAMILY,
        row.number("id").orElse(0),
        row.textOrEmpty("receiver_id"),
        row.textOrEmpty("sender_id"),
        at);
  }

  private static String status(SourceRow row) {
    return row.textOrEmpty("status");
  }

  private static Verdict user(SourceRow row, Intake intake) {
    var text = row.textOrEmpty("id");
    var id = UserId.member(text);
    var name = row.textOrEmpty("name");
    var verdict =
        intake.account(
            new OldAccount(
                id,
                usernames(name, row.textOrEmpty("email"), text),
                shown(name),
                row.text("email"),
                row.text("hash"),
                OldTime.optional(row, "created_at").orElse(intake.now())));
    if (!(verdict instanceof Verdict.Refused)) {
      intake.enrol(Messaging.ORG, id);
    }
    return verdict;
  }

  /// These people sign in by their address; their names are for show, may hold anything, and may be
  /// those of others too.
  private static List<String> usernames(String name, String email, String id) {
    var plain = plain(name);
    var box = plain(email.substring(0, Math.max(0, email.indexOf('@'))));
    var wishes = new ArrayList<String>();
    for (var wish : List.of(name, plain, box)) {
      if (!wish.isEmpty()) {
        wishes.add(wish);
      }
    }
    wishes.add((plain.isEmpty() ? "user" : plain) + "-" + plain(id));
    wishes.add("user-" + plain(id));
    return wishes;
  }

  private static String plain(String text) {
    var joined = UNFIT.matcher(text.strip()).replaceAll("-");
    return joined.replaceAll("^-+|-+$", "");
  }

  private static String shown(String name) {
    return name.codePointCount(0, name.length()) > Limits.NAME
        ? name.substring(0, name.offsetByCodePoints(0, Limits.NAME))
        : name;
  }

  /// Whom the ids of a database mean.
  ///
  /// @param accounts whether they have accounts
  private record People(boolean accounts) {
    OldMessage message(SourceRow row) {
      var at = OldTime.required(row, "created_at");
      var message = NewMessage.text(op(row, at), row.textOrEmpty("content"));
      return new OldMessage(
          user(row, "sender_id"),
          accounts ? message.requireContent() : message,
          at,
          OptionalLong.of(row.number("id").orElse(0)),
          Optional.empty(),
          Optional.empty());
    }

    UserId other(SourceRow row) {
      return user(row, "receiver_id");
    }

    /// Those whom the login service has deleted still have written what they wrote.
    private UserId user(SourceRow row, String column) {
      var id =
          row.text(column)
              .filter(text -> !text.isEmpty())
              .orElseThrow(() -> Refusal.badRequest(column + " is empty"));
      return accounts ? UserId.member(id) : Messaging.openId(id);
    }
  }

  /// What two people wrote, one pair after the other.
  private static final class Talk {
    private final Intake intake;
    private final OrgId org;
    private final Range keep;
    private final Tally tally;
    private final boolean accounts;
    private final List<Line> lines = new ArrayList<>();

    Talk(Intake intake, OrgId org, Range keep, Tally tally, boolean accounts) {
      this.intake = intake;
      this.org = org;
      this.keep = keep;
      this.tally = tally;
      this.accounts = accounts;
    }

    /// A message to somebody.
    private record Line(String id, OldMessage message, UserId to, boolean arrived) {
      boolean isBetween(UserId one, UserId other) {
        var from = message.author();
        return (from.equals(one) && to.equals(other)) || (from.equals(other) && to.equals(one));
      }
    }

    void add(String id, OldMessage message, UserId to, boolean arrived) {
      boolean goesOn = lines.isEmpty() || lines.getFirst().isBetween(message.author(), to);
      if (!goesOn || lines.size() == Limits.PAGE) {
        end();
      }
      lines.add(new Line(id, message, to, arrived));
    }

    /// Takes over what has come together.
    void end() {
      if (lines.isEmpty()) {
        return;
      }
      var some = List.copyOf(lines);
      lines.clear();
      var first = some.getFirst();
      var room = room(first);
      var taken = intake.messages(org, room, some.stream().map(Line::message).toList(), keep);
      for (int i = 0; i < some.size(); i++) {
        tally.count(some.get(i).id(), taken.get(i).verdict());
      }
      arrivals(room, first.to(), first.message().author(), some, taken);
      if (!first.to().equals(first.message().author())) {
        arrivals(room, first.message().author(), first.to(), some, taken);
      }
    }

    /// What had reached somebody there has reached them here; both know it.
    private void arrivals(
        RoomId room, UserId receiver, UserId sender, List<Line> some, List<Intake.Taken> taken) {
      intake.expect(org, room, receiver);
      var stretch = Optional.<Stretch>empty();
      var seen = OptionalLong.empty();
      for (int i = 0; i < some.size(); i++) {
        var line = some.get(i);
        var placed = taken.get(i).placed();
        if (placed.isPresent() && line.to().equals(receiver)) {
          long pos = placed.get().pos();
          if (line.arrived()) {
            stretch = Optional.of(new Stretch(stretch.map(Stretch::first).orElse(pos), pos));
            seen = OptionalLong.of(placed.get().messageId());
          } else {
            stretch.ifPresent(one -> intake.arrived(org, room, receiver, sender, one));
            stretch = Optional.empty();
          }
        }
      }
      stretch.ifPresent(one -> intake.arrived(org, room, receiver, sender, one));
      seen.ifPresent(message -> intake.seen(org, room, receiver, message));
    }

    private RoomId room(Line first) {
      var one = first.message().author();
      if (accounts) {
        intake.enrol(org, one);
        intake.enrol(org, first.to());
      }
      return intake.directRoom(org, one, first.to(), first.message().at());
    }
  }
}
