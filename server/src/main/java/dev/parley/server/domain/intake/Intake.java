package dev.parley.server.domain.intake;

import dev.parley.server.base.Ids;
import dev.parley.server.base.Limits;
import dev.parley.server.base.Names;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomKind;
import dev.parley.server.domain.directory.DirectoryUser;
import dev.parley.server.domain.directory.DirectoryUserStore;
import dev.parley.server.domain.identity.Account;
import dev.parley.server.domain.identity.Email;
import dev.parley.server.domain.identity.IdentityStore;
import dev.parley.server.domain.identity.PasswordHasher;
import dev.parley.server.domain.identity.Profile;
import dev.parley.server.domain.identity.Username;
import dev.parley.server.domain.message.MessageStore;
import dev.parley.server.domain.org.Organization;
import dev.parley.server.domain.org.Organizations;
import dev.parley.server.domain.presence.LastSeenStore;
import dev.parley.server.domain.room.Member;
import dev.parley.server.domain.room.ReceiptStore;
import dev.parley.server.domain.room.Room;
import dev.parley.server.domain.room.RoomLog;
import dev.parley.server.domain.room.RoomStore;
import dev.parley.server.domain.room.RoomStore.NewMember;
import dev.parley.server.domain.task.Task;
import dev.parley.server.domain.task.TaskStore;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/// Takes over what another program has kept: each thing once, however often it comes.
///
/// What is there stays as it is, also if it was changed since, there or here. In a rehearsal
/// nothing is written, and the verdicts say what would become of each thing.
public final class Intake {
  /// Stands for an organization that a rehearsal does not found.
  private static final OrgId NOWHERE = new OrgId(new UUID(0, 0));

  /// How far beyond the ids of a database new ids begin: room for those that its program still
  /// gives before the second import.
  private static final long DISTANCE = 1_000_000;

  /// JavaScript knows no larger whole number.
  private static final long LARGEST_ID = (1L << 53) - 1;

  private final Ports ports;
  private final Organizations organizations;
  private final Ids ids;
  private final InstantSource clock;
  private final boolean rehearsal;

  /// Where everything goes.
  public record Ports(
      IdentityStore identities,
      PasswordHasher passwords,
      DirectoryUserStore directory,
      TaskStore tasks,
      RoomStore rooms,
      RoomLog log,
      HistoryStore history,
      MessageStore messages,
      ReceiptStore receipts,
      LastSeenStore lastSeen) {}

  /// @param rehearsal whether to write nothing
  public Intake(
      Ports ports, Organizations organizations, Ids ids, InstantSource clock, boolean rehearsal) {
    this.ports = ports;
    this.organizations = organizations;
    this.ids = ids;
    this.clock = clock;
    this.rehearsal = rehearsal;
  }

  // ---- organizations

  /// The open organization of this handle, which is founded if there is none.
  public OrgId openOrg(UserId founder, String handle, String name) {
    var found = organizations.findOpen(handle).map(Organization::id);
    if (found.isPresent() || rehearsal) {
      return found.orElse(NOWHERE);
    }
    return organizations
        .createOpen(founder, handle, name)
        .or(() -> organizations.findOpen(handle))
        .orElseThrow(() -> Refusal.notFound("no such organization"))
        .id();
  }

  /// Founds an organization that the server keeps, if there is none.
  public void reserve(OrgId org, String name) {
    if (!rehearsal) {
      organizations.reserve(org, name);
    }
  }

  /// Makes somebody a member of an organization that the server keeps, if they are none.
  public void enrol(OrgId reserved, UserId user) {
    if (!rehearsal) {
      organizations.enrol(reserved, user);
    }
  }

  // ---- people

  /// Somebody with a password.
  public Verdict account(OldAccount old) {
    if (ports.identities().find(old.id()).isPresent()) {
      return Verdict.THERE;
    }
    var notes = new ArrayList<String>();
    var email = email(old, notes);
    var hash = old.passwordHash().filter(ports.passwords()::knows);
    if (hash.isEmpty()) {
      notes.add("its password hash is missing or of an unknown form: nobody can sign in with it");
    }
    var refusal = "the username is missing";
    for (var wish : old.usernames()) {
      try {
        if (create(old, new Username(wish), email, hash)) {
          return Verdict.imported(String.join("; ", notes));
        }
        refusal = "the username is taken by another account";
      } catch (RefusedException e) {
        refusal = e.refusal().message();
      }
    }
    return Verdict.refused(refusal);
  }

  /// When somebody was last online.
  public void lastSeen(UserId user, Instant at) {
    if (!rehearsal && at.isBefore(now())) {
      ports.lastSeen().note(List.of(user), at);
    }
  }

  private boolean create(
      OldAccount old, Username username, Optional<Email> email, Optional<String> hash) {
    var shown = old.displayName().isBlank() ? username.value() : old.displayName();
    var profile =
        new Profile(
            old.id(),
            username.value(),
            Names.required("display_name", shown, Limits.NAME),
            old.createdAt());
    if (rehearsal) {
      return ports.identities().findByUsername(username.key()).isEmpty();
    }
    return switch (ports.identities().create(new Account(profile, email), username.key(), hash)) {
      case DONE -> true;
      case USERNAME_TAKEN -> false;
      case EMAIL_TAKEN ->
          throw Refusal.conflict("the address is taken by another account with another id");
    };
  }

  private static Optional<Email> email(OldAccount old, List<String> notes) {
    try {
      return old.email().filter(text -> !text.isBlank()).map(Email::new);
    } catch (RefusedException e) {
      notes.add("its address is none and was left out");
      return Optional.empty();
    }
  }

  /// Somebody of the directory.
  public Verdict directoryUser(OrgId openOrg, DirectoryUser user) {
    if (ports.directory().find(openOrg, user.id()).isPresent()) {
      return Verdict.THERE;
    }
    if (!rehearsal) {
      ports.directory().create(openOrg, user);
    } else if (ports.directory().named(openOrg, user.username()).isPresent()) {
      return Verdict.refused("the username is taken by another user of the directory");
    }
    return Verdict.IMPORTED;
  }

  // ---- tasks

  /// A task with its reminder, if it is still to come.
  public Verdict task(Task task) {
    if (ports.tasks().find(task.org(), task.id()).isPresent()) {
      return Verdict.THERE;
    }
    if (!rehearsal) {
      ports.tasks().create(task);
    }
    return Verdict.IMPORTED;
  }

  /// Now, to tell what is overdue from what is to come.
  public Instant now() {
    return clock.instant();
  }

  /// A time as far as it is past: a room's clock never goes back, so that one to come would be the
  /// time of all that is said until then.
  private Instant past(Instant at) {
    var now = now().truncatedTo(ChronoUnit.MICROS);
    return at.isAfter(now) ? now : at;
  }

  // ---- rooms

  /// A room with its members; all of its past begins with its creation.
  public Verdict room(OldRoom old) {
    if (ports.rooms().find(old.org(), old.id()).isPresent()) {
      return Verdict.THERE;
    }
    var kind = old.kind();
    var name =
        kind == RoomKind.DIRECT
            ? Names.optional("name", old.name(), Limits.NAME)
            : Names.required("name", old.name(), Limits.NAME);
    var topic = Names.optional("topic", old.topic(), Limits.TOPIC);
    if (old.members().size() > Limits.ROOM_MEMBERS) {
      return Verdict.refused("it has more than " + Limits.ROOM_MEMBERS + " members");
    }
    var alias = kind == RoomKind.DIRECT ? pair(old) : Optional.<String>empty();
    boolean direct = kind == RoomKind.DIRECT && alias.isPresent();
    var room =
        new Room(
            old.org(),
            old.id(),
            kind == RoomKind.DIRECT && !direct ? RoomKind.GROUP : kind,
            alias,
            name,
            topic,
            false,
            old.creator(),
            past(old.createdAt()),
            new RoomLog.Head(ids.epoch(), 0, 0));
    if (!rehearsal) {
      ports.rooms().create(room, old.members());
    }
    return Verdict.imported(
        room.kind() == kind
            ? ""
            : "it is a group: a direct room has two people, and every two have one");
  }

  /// The alias of a direct room, unless its people have another one.
  private Optional<String> pair(OldRoom old) {
    if (old.members().isEmpty() || old.members().size() > 2) {
      return Optional.empty();
    }
    var one = old.members().getFirst().user();
    var alias = Room.directAlias(one, old.members().getLast().user());
    return ports.rooms().findAlias(old.org(), alias).isPresent()
        ? Optional.empty()
        : Optional.of(alias);
  }

  /// The direct room of two people, which is opened if there is none; its past begins then.
  public RoomId directRoom(OrgId org, UserId one, UserId other, Instant openedAt) {
    var alias = Room.directAlias(one, other);
    var found = ports.rooms().findAlias(org, alias).map(Room::id);
    if (found.isPresent() || rehearsal) {
      return found.orElse(new RoomId(NOWHERE.value()));
    }
    var members = new ArrayList<NewMember>();
    members.add(new NewMember(one, Role.MEMBER));
    if (!one.equals(other)) {
      members.add(new NewMember(other, Role.MEMBER));
    }
    var room =
        new Room(
            org,
            new RoomId(ids.uuid()),
            RoomKind.DIRECT,
            Optional.of(alias),
            "",
            "",
            false,
            one,
            past(openedAt),
            new RoomLog.Head(ids.epoch(), 0, 0));
    return ports.rooms().create(room, members).room().id();
  }

  /// Who is in a room, or was: they have left it here, or were removed.
  public Set<UserId> members(OrgId org, RoomId room) {
    var members = new HashSet<UserId>();
    Optional<UserId> after = Optional.empty();
    List<Member> page;
    do {
      page = ports.rooms().members(org, room, after, Limits.PAGE);
      page.forEach(member -> members.add(member.user()));
      after = page.isEmpty() ? after : Optional.of(page.getLast().user());
    } while (page.size() == Limits.PAGE);
    members.addAll(ports.history().left(org, room));
    return members;
  }

  /// Somebody who came into a room after it was imported.
  public Verdict member(OrgId org, RoomId room, NewMember member) {
    if (!rehearsal) {
      ports.rooms().addMember(org, room, member.user(), member);
    }
    return Verdict.IMPORTED;
  }

  /// Puts a room away, unless it was brought back here; somebody of its moderators does it. False
  /// if it has none.
  public boolean archive(OrgId org, RoomId id) {
    var room = ports.rooms().find(org, id);
    if (rehearsal || room.isEmpty() || ports.history().wasArchived(org, id)) {
      return true;
    }
    var moderator =
        ports.rooms().members(org, id, Optional.empty(), Limits.PAGE).stream()
            .filter(member -> member.role().atLeast(Role.MODERATOR))
            .findFirst();
    moderator.ifPresent(
        member ->
            ports
                .rooms()
                .change(org, id, member.user(), room.get().name(), room.get().topic(), true));
    return moderator.isPresent();
  }

  // ---- messages

  /// Sets the ids of a database's messages aside.
  ///
  /// @param first the name of its first message
  /// @param largest its largest id
  /// @return the ids that may be kept
  public HistoryStore.Range keepIds(OrgId org, UUID first, long largest) {
    var none = new HistoryStore.Range(1, 0);
    if (rehearsal) {
      return new HistoryStore.Range(1, Long.MAX_VALUE);
    }
    return largest <= 0 || largest > LARGEST_ID - DISTANCE
        ? none
        : ports.history().keep(org, first, largest + DISTANCE).orElse(none);
  }

  /// What became of a message, and where it lies now unless it was refused or only rehearsed.
  public record Taken(Verdict verdict, Optional<HistoryStore.Placed> placed) {}

  /// Messages of one room in their order.
  public List<Taken> messages(
      OrgId org, RoomId room, List<OldMessage> messages, HistoryStore.Range keep) {
    if (rehearsal) {
      var known = ports.history().known(org, room, messages);
      return messages.stream()
          .map(old -> known.contains(old.message().op()) ? Verdict.THERE : Verdict.IMPORTED)
          .map(verdict -> new Taken(verdict, Optional.empty()))
          .toList();
    }
    var taken = new ArrayList<Taken>(messages.size());
    var batch = new ArrayList<HistoryStore.Entry>();
    var ops = new HashSet<UUID>();
    int bytes = 0;
    for (var old : messages) {
      int size = Names.bytes(old.message().content());
      boolean full =
          batch.size() == Limits.PAGE || (bytes + size > Limits.COMMIT_BYTES && !batch.isEmpty());
      // What answers a message needs its id, so that one must be in the log before.
      if (full || old.parent().filter(parent -> ops.contains(parent.op())).isPresent()) {
        taken.addAll(append(org, room, batch));
        batch.clear();
        ops.clear();
        bytes = 0;
      }
      boolean keepId = old.wish().isPresent() && keep.has(old.wish().getAsLong());
      batch.add(new HistoryStore.Entry(old, thread(room, old), keepId, past(old.at())));
      ops.add(old.message().op());
      bytes += size;
    }
    taken.addAll(append(org, room, batch));
    return taken;
  }

  private OptionalLong thread(RoomId room, OldMessage old) {
    return old.parent()
        .flatMap(parent -> ports.log().find(room, parent.author(), parent.op()))
        .map(event -> OptionalLong.of(event.messageId()))
        .orElse(OptionalLong.empty());
  }

  private List<Taken> append(OrgId org, RoomId room, List<HistoryStore.Entry> batch) {
    if (batch.isEmpty()) {
      return List.of();
    }
    var placed = ports.history().append(org, room, List.copyOf(batch));
    var taken = new ArrayList<Taken>(batch.size());
    var edited = new HashMap<Long, Instant>();
    for (int i = 0; i < batch.size(); i++) {
      var editedAt = batch.get(i).old().editedAt();
      if (i < placed.size() && editedAt.isPresent()) {
        edited.put(placed.get(i).messageId(), editedAt.get());
      }
      taken.add(
          i < placed.size()
              ? new Taken(verdict(batch.get(i), placed.get(i)), Optional.of(placed.get(i)))
              : new Taken(Verdict.refused("its room was not imported"), Optional.empty()));
    }
    if (!edited.isEmpty()) {
      ports.history().edited(org, room, edited);
    }
    return taken;
  }

  private static Verdict verdict(HistoryStore.Entry entry, HistoryStore.Placed placed) {
    if (!placed.fresh()) {
      return placed.same()
          ? Verdict.THERE
          : Verdict.refused("it was changed after it had been imported");
    }
    var notes = new ArrayList<String>(3);
    var old = entry.old();
    if (!entry.at().equals(old.at())) {
      notes.add("its time was to come, so it has that of the import");
    } else if (!placed.at().equals(old.at())) {
      notes.add("it has the time of the message in front of it, which is later than its own");
    }
    if (old.wish().isPresent() && old.wish().getAsLong() != placed.messageId()) {
      notes.add("it has a new id");
    }
    if (old.parent().isPresent() && entry.threadId().isEmpty()) {
      notes.add("it answers a message that is not there");
    }
    return Verdict.imported(String.join("; ", notes));
  }

  /// A message by what finds it again.
  public Optional<Long> find(RoomId room, OldMessage.Parent message) {
    return ports.log().find(room, message.author(), message.op()).map(event -> event.messageId());
  }

  /// How far somebody has read a room.
  public Verdict read(OrgId org, RoomId room, UserId user, OldMessage.Parent last) {
    var message = find(room, last);
    if (rehearsal) {
      return Verdict.IMPORTED;
    }
    if (message.isEmpty()) {
      return Verdict.refused("its message was not imported");
    }
    return ports.rooms().markRead(org, room, user, message.get()).isPresent()
        ? Verdict.IMPORTED
        : Verdict.THERE;
  }

  /// What somebody showed at a message, unless they took it back here.
  public Verdict reaction(
      OrgId org, RoomId room, UserId user, OldMessage.Parent about, String emoji) {
    var clean = Names.required("emoji", emoji, Limits.EMOJI_BYTES);
    if (Names.bytes(clean) > Limits.EMOJI_BYTES) {
      return Verdict.refused("emoji must have at most " + Limits.EMOJI_BYTES + " bytes");
    }
    if (rehearsal) {
      return Verdict.IMPORTED;
    }
    var message = find(room, about);
    if (message.isEmpty()) {
      return Verdict.refused("its message was not imported");
    }
    if (ports.history().tookBack(org, room, user, message.get(), clean)) {
      return Verdict.THERE;
    }
    var done = ports.messages().react(org, room, user, message.get(), clean, true);
    return done.roomEvents().isEmpty() ? Verdict.THERE : Verdict.IMPORTED;
  }

  /// Messages of a direct room that have reached somebody, of which their senders know.
  public void arrived(
      OrgId org, RoomId room, UserId receiver, UserId sender, ReceiptStore.Stretch stretch) {
    if (!rehearsal) {
      ports.receipts().expect(org, room, receiver);
      ports.receipts().receive(org, room, receiver, stretch);
      ports.receipts().tell(org, room, sender, stretch);
    }
  }

  /// Begins to keep what reaches somebody in a direct room.
  public void expect(OrgId org, RoomId room, UserId receiver) {
    if (!rehearsal) {
      ports.receipts().expect(org, room, receiver);
    }
  }

  /// Somebody knows a direct room up to a message.
  public void seen(OrgId org, RoomId room, UserId user, long messageId) {
    if (!rehearsal) {
      ports.rooms().markRead(org, room, user, messageId);
    }
  }
}
