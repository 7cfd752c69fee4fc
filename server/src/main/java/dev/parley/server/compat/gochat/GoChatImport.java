package dev.parley.server.compat.gochat;

import dev.parley.server.base.Ids;
import dev.parley.server.base.Limits;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.compat.SeedImport;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomKind;
import dev.parley.server.domain.intake.HistoryStore.Range;
import dev.parley.server.domain.intake.Intake;
import dev.parley.server.domain.intake.OldAccount;
import dev.parley.server.domain.intake.OldIds;
import dev.parley.server.domain.intake.OldMessage;
import dev.parley.server.domain.intake.OldRoom;
import dev.parley.server.domain.intake.OldTime;
import dev.parley.server.domain.intake.Report;
import dev.parley.server.domain.intake.Source;
import dev.parley.server.domain.intake.SourceRow;
import dev.parley.server.domain.intake.Tally;
import dev.parley.server.domain.intake.Verdict;
import dev.parley.server.domain.room.RoomStore.NewMember;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/// The third seed's database: its users become accounts, its rooms, members, messages, marks of
/// reading and reactions those of the organization that all its clients share, with their own ids.
public final class GoChatImport implements SeedImport {
  private static final String FAMILY = "gochat";

  /// Rooms whose members are read together.
  private static final int ROOMS = 200;

  /// Latecomers that wait for the messages of their rooms. Beyond: they wait no longer.
  private static final int LATE = 100_000;

  /// Stands for whoever opened a room and is not there any more.
  private static final UserId NOBODY = new UserId("server");

  private static final String USERS =
      """
      select u.id::text as id, u.username, u.email, u.password_hash as hash,
             u.created_at::timestamptz as created_at,
             (to_jsonb(u) ->> 'last_seen')::timestamptz as last_seen
        from users u order by u.created_at, u.id
      """;
  private static final String ROOMS_ROWS =
      """
      select r.id::text as id, r.name, r.type, r.creator_id::text as creator_id,
             to_jsonb(r) ->> 'topic' as topic, r.created_at::timestamptz as created_at
        from rooms r order by r.created_at, r.id
      """;
  private static final String MEMBERS =
      """
      select m.room_id::text as room_id, m.user_id::text as user_id, m.role, u.id is not null as has_user
        from room_members m left join users u on u.id = m.user_id
       where m.room_id = any (?::uuid[]) order by m.room_id, m.joined_at, m.user_id
      """;
  private static final String STRAY_MEMBERS =
      """
      select m.room_id::text as room_id, m.user_id::text as user_id from room_members m
       where not exists (select 1 from rooms r where r.id = m.room_id) order by 1, 2
      """;
  private static final String ARCHIVED =
      """
      select r.id::text as id from rooms r
       where (to_jsonb(r) ->> 'is_archived')::boolean order by r.created_at, r.id
      """;

  /// The message that names the database, and the largest id.
  private static final String FIRST =
      """
      select id, room_id::text as room_id, user_id::text as user_id,
             created_at::timestamptz as created_at, (select max(id) from messages) as largest
        from messages order by id limit 1
      """;

  private static final String MESSAGES =
      """
      select m.id, m.room_id::text as room_id, r.id is not null as has_room,
             m.user_id::text as user_id, u.id is not null as has_user, u.username, m.content,
             m.message_type, to_jsonb(m) ->> 'file_url' as file_url,
             m.created_at::timestamptz as created_at,
             (to_jsonb(m) ->> 'edited_at')::timestamptz as edited_at,
             to_jsonb(m) ->> 'deleted_at' is not null as deleted,
             p.id as parent_id, p.user_id::text as parent_user_id,
             p.created_at::timestamptz as parent_created_at
        from messages m
        left join rooms r on r.id = m.room_id
        left join users u on u.id = m.user_id
        left join messages p
          on p.id = (to_jsonb(m) ->> 'parent_id')::bigint and p.room_id = m.room_id
       order by m.room_id, m.id
      """;
  private static final String READS =
      """
      select distinct on (x.user_id, m.room_id) x.user_id::text as reader, m.id,
             m.room_id::text as room_id, m.user_id::text as user_id,
             m.created_at::timestamptz as created_at
        from message_reads x join messages m on m.id = x.message_id
       where to_jsonb(m) ->> 'deleted_at' is null
       order by x.user_id, m.room_id, m.id desc
      """;
  private static final String REACTIONS =
      """
      select x.user_id::text as reader, x.emoji, m.id, m.room_id::text as room_id,
             m.user_id::text as user_id, m.created_at::timestamptz as created_at
        from reactions x join messages m on m.id = x.message_id
       where to_jsonb(m) ->> 'deleted_at' is null
       order by m.room_id, m.id, x.emoji, x.user_id
      """;

  @Override
  public String family() {
    return FAMILY;
  }

  @Override
  public boolean fits(Map<String, Set<String>> tables) {
    return SeedImport.has(tables, "users", "id", "username", "email", "password_hash", "created_at")
        && SeedImport.has(tables, "rooms", "id", "name", "type", "creator_id", "created_at")
        && SeedImport.has(tables, "room_members", "room_id", "user_id", "role", "joined_at")
        && SeedImport.has(
            tables,
            "messages",
            "id",
            "room_id",
            "user_id",
            "content",
            "message_type",
            "created_at");
  }

  @Override
  public void run(Source source, Intake intake, Report report) {
    var tables = source.tables();
    intake.reserve(GoChat.ORG, GoChat.NAME);
    var users = report.table("users");
    source.read(USERS, row -> users.take(row.textOrEmpty("id"), () -> user(row, intake)));
    var run = new Run(source, intake, users, report.table("rooms"), report.table("room_members"));
    run.rooms();
    run.messages(report.table("messages"));
    run.lateMembers();
    if (SeedImport.has(tables, "message_reads", "message_id", "user_id")) {
      run.reads(report.table("message_reads"));
    }
    if (SeedImport.has(tables, "reactions", "message_id", "user_id", "emoji")) {
      run.reactions(report.table("reactions"));
    }
    source.read(ARCHIVED, row -> run.archive(row.textOrEmpty("id")));
  }

  private static Verdict user(SourceRow row, Intake intake) {
    var id = UserId.account(Ids.uuid("id", row.textOrEmpty("id")));
    var verdict =
        intake.account(
            new OldAccount(
                id,
                List.of(row.textOrEmpty("username")),
                "",
                row.text("email"),
                row.text("hash"),
                OldTime.required(row, "created_at")));
    if (!(verdict instanceof Verdict.Refused)) {
      intake.enrol(GoChat.ORG, id);
      OldTime.optional(row, "last_seen").ifPresent(at -> intake.lastSeen(id, at));
    }
    return verdict;
  }

  private static OldMessage.Parent messageOf(SourceRow row) {
    return message(
        row.number("id").orElse(0),
        row.textOrEmpty("room_id"),
        row.textOrEmpty("user_id"),
        row.instant("created_at").orElse(Instant.EPOCH));
  }

  private static OldMessage.Parent message(long id, String room, String author, Instant at) {
    return new OldMessage.Parent(
        new UserId(author.isEmpty() ? NOBODY.value() : author),
        OldIds.message(FAMILY, id, room, author, at));
  }

  /// Someone who came into a room after it had been imported.
  private record Late(RoomId room, NewMember member, String id) {}

  /// A row of `room_members`.
  private record MemberRow(String room, String user, String role, boolean hasUser) {
    String id() {
      return room + "/" + user;
    }
  }

  /// A row of `rooms`.
  private record RoomRow(
      String id,
      String name,
      String type,
      Optional<String> creator,
      String topic,
      Optional<Instant> createdAt) {
    static RoomRow of(SourceRow row) {
      return new RoomRow(
          row.textOrEmpty("id"),
          row.textOrEmpty("name"),
          row.textOrEmpty("type"),
          row.text("creator_id"),
          row.textOrEmpty("topic"),
          row.instant("created_at"));
    }
  }

  /// A message on its way.
  private record Line(String id, OldMessage message) {}

  /// One import.
  private static final class Run {
    private final Source source;
    private final Intake intake;
    private final Tally users;
    private final Tally rooms;
    private final Tally members;
    private final List<Late> late = new ArrayList<>();

    Run(Source source, Intake intake, Tally users, Tally rooms, Tally members) {
      this.source = source;
      this.intake = intake;
      this.users = users;
      this.rooms = rooms;
      this.members = members;
    }

    // ---- rooms and members

    void rooms() {
      var some = new ArrayList<RoomRow>();
      source.read(
          ROOMS_ROWS,
          row -> {
            some.add(RoomRow.of(row));
            if (some.size() == ROOMS) {
              rooms(some);
              some.clear();
            }
          });
      rooms(some);
      source.read(
          STRAY_MEMBERS,
          row ->
              members.count(
                  row.textOrEmpty("room_id") + "/" + row.textOrEmpty("user_id"),
                  Verdict.refused("its room is not there")));
    }

    private void rooms(List<RoomRow> some) {
      var byRoom = new HashMap<String, List<MemberRow>>();
      source.read(
          MEMBERS,
          some.stream().map(RoomRow::id).toList(),
          row -> {
            var member =
                new MemberRow(
                    row.textOrEmpty("room_id"),
                    row.textOrEmpty("user_id"),
                    row.textOrEmpty("role"),
                    row.flag("has_user"));
            byRoom.computeIfAbsent(member.room(), room -> new ArrayList<>()).add(member);
          });
      some.forEach(row -> room(row, byRoom.getOrDefault(row.id(), List.of())));
    }

    private void room(RoomRow row, List<MemberRow> all) {
      var fit = new HashMap<String, NewMember>();
      var fitting = new ArrayList<NewMember>();
      for (var member : all) {
        if (member.hasUser() && !users.hasRefused(member.user())) {
          var one = new NewMember(new UserId(member.user()), role(row, member));
          fit.put(member.user(), one);
          fitting.add(one);
        }
      }
      var verdict = rooms.take(row.id(), () -> intake.room(oldRoom(row, fitting)));
      var there =
          verdict instanceof Verdict.There
              ? intake.members(GoChat.ORG, RoomId.of(row.id()))
              : Set.<UserId>of();
      for (var member : all) {
        count(member, Optional.ofNullable(fit.get(member.user())), verdict, there);
      }
    }

    private void count(MemberRow row, Optional<NewMember> member, Verdict room, Set<UserId> there) {
      if (member.isEmpty()) {
        members.count(
            row.id(),
            Verdict.refused(row.hasUser() ? "its user was refused" : "its user is not there"));
      } else if (room instanceof Verdict.Refused) {
        members.count(row.id(), Verdict.refused("its room was refused"));
      } else if (room instanceof Verdict.There && !there.contains(member.get().user())) {
        late.add(new Late(RoomId.of(row.room()), member.get(), row.id()));
        if (late.size() == LATE) {
          lateMembers();
        }
      } else {
        members.count(row.id(), room instanceof Verdict.There ? Verdict.THERE : Verdict.IMPORTED);
      }
    }

    private OldRoom oldRoom(RoomRow row, List<NewMember> fitting) {
      return new OldRoom(
          GoChat.ORG,
          RoomId.of(row.id()),
          kind(row.type()),
          row.name(),
          row.topic(),
          row.creator().filter(id -> !users.hasRefused(id)).map(UserId::new).orElse(NOBODY),
          OldTime.required("created_at", row.createdAt()),
          fitting);
    }

    private static RoomKind kind(String type) {
      return switch (type) {
        case "public" -> RoomKind.PUBLIC;
        case "private" -> RoomKind.PRIVATE;
        case "group" -> RoomKind.GROUP;
        case "dm" -> RoomKind.DIRECT;
        default -> throw Refusal.badRequest("its type is unknown");
      };
    }

    /// Whoever opened a room owns it, except among two.
    private static Role role(RoomRow room, MemberRow member) {
      if (room.type().equals("dm")) {
        return Role.MEMBER;
      }
      if (room.creator().equals(Optional.of(member.user()))) {
        return Role.OWNER;
      }
      return switch (member.role()) {
        case "admin" -> Role.ADMIN;
        case "moderator" -> Role.MODERATOR;
        default -> Role.MEMBER;
      };
    }

    /// After the messages, for joining happens now, and no message can be older than what is in
    /// front of it.
    void lateMembers() {
      for (var one : late) {
        members.take(one.id(), () -> intake.member(GoChat.ORG, one.room(), one.member()));
      }
      late.clear();
    }

    void archive(String id) {
      if (!rooms.hasRefused(id) && !intake.archive(GoChat.ORG, RoomId.of(id))) {
        rooms.note(id, "it is not archived, for it has no moderator");
      }
    }

    // ---- messages

    void messages(Tally tally) {
      var range = range();
      var lines = new ArrayList<Line>();
      var open = new String[] {""};
      source.read(
          MESSAGES,
          row -> {
            var room = row.textOrEmpty("room_id");
            if (!room.equals(open[0]) || lines.size() == Limits.PAGE) {
              flush(open[0], lines, range, tally);
              open[0] = room;
            }
            line(row, tally).ifPresent(lines::add);
          });
      flush(open[0], lines, range, tally);
    }

    private Range range() {
      var kept = new ArrayList<Range>(1);
      source.read(
          FIRST,
          row ->
              kept.add(
                  intake.keepIds(
                      GoChat.ORG, messageOf(row).op(), row.number("largest").orElse(0))));
      return kept.isEmpty() ? new Range(1, 0) : kept.getFirst();
    }

    private void flush(String room, List<Line> lines, Range range, Tally tally) {
      if (lines.isEmpty()) {
        return;
      }
      var taken =
          intake.messages(
              GoChat.ORG, RoomId.of(room), lines.stream().map(Line::message).toList(), range);
      for (int i = 0; i < taken.size(); i++) {
        tally.count(lines.get(i).id(), taken.get(i).verdict());
      }
      lines.clear();
    }

    /// A message that may go in; what became of any other is counted here.
    private Optional<Line> line(SourceRow row, Tally tally) {
      var id = row.textOrEmpty("id");
      var no = obstacle(row);
      if (no.isPresent()) {
        tally.count(id, no.get());
        return Optional.empty();
      }
      try {
        return Optional.of(new Line(id, message(row)));
      } catch (RefusedException e) {
        tally.count(id, Verdict.refused(e.refusal().message()));
        return Optional.empty();
      }
    }

    private Optional<Verdict> obstacle(SourceRow row) {
      if (row.flag("deleted")) {
        return Optional.of(Verdict.leftOut("it is deleted"));
      }
      if (!row.flag("has_room")) {
        return Optional.of(Verdict.refused("its room is not there"));
      }
      if (rooms.hasRefused(row.textOrEmpty("room_id"))) {
        return Optional.of(Verdict.refused("its room was refused"));
      }
      if (!row.flag("has_user")) {
        return Optional.of(Verdict.refused("its user is not there"));
      }
      return users.hasRefused(row.textOrEmpty("user_id"))
          ? Optional.of(Verdict.refused("its user was refused"))
          : Optional.empty();
    }

    private static OldMessage message(SourceRow row) {
      var at = OldTime.required(row, "created_at");
      var author = row.textOrEmpty("user_id");
      UUID op = messageOf(row).op();
      var content =
          GoChatContent.of(
              row.textOrEmpty("content"),
              row.textOrEmpty("message_type"),
              row.textOrEmpty("file_url"));
      var parent = row.number("parent_id");
      return new OldMessage(
          new UserId(author),
          content.imported(op, row.textOrEmpty("username")).requireContent(),
          at,
          OptionalLong.of(row.number("id").orElse(0)),
          OldTime.optional(row, "edited_at"),
          parent.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  GoChatImport.message(
                      parent.getAsLong(),
                      row.textOrEmpty("room_id"),
                      row.textOrEmpty("parent_user_id"),
                      row.instant("parent_created_at").orElse(Instant.EPOCH))));
    }

    // ---- what became of messages

    void reads(Tally tally) {
      source.read(
          READS,
          row ->
              tally.take(
                  row.textOrEmpty("reader") + "/" + row.textOrEmpty("room_id"),
                  () -> {
                    var room = RoomId.of(row.textOrEmpty("room_id"));
                    var reader = new UserId(row.textOrEmpty("reader"));
                    return intake.read(GoChat.ORG, room, reader, messageOf(row));
                  }));
    }

    void reactions(Tally tally) {
      source.read(
          REACTIONS,
          row ->
              tally.take(
                  row.textOrEmpty("id") + "/" + row.textOrEmpty("reader"),
                  () -> {
                    var room = RoomId.of(row.textOrEmpty("room_id"));
                    var user = new UserId(row.textOrEmpty("reader"));
                    return intake.reaction(
                        GoChat.ORG, room, user, messageOf(row), row.textOrEmpty("emoji"));
                  }));
    }
  }
}
