package dev.parley.server.app;

import dev.parley.server.adapter.lucene.LuceneTextAnalyzer;
import dev.parley.server.adapter.password.Argon2Cost;
import dev.parley.server.adapter.password.Argon2PasswordHasher;
import dev.parley.server.adapter.token.JwtTokenIssuer;
import dev.parley.server.adapter.token.JwtTokenVerifier;
import dev.parley.server.adapter.token.OwnKey;
import dev.parley.server.adapter.token.TrustedKey;
import dev.parley.server.app.config.Config;
import dev.parley.server.domain.access.AccessControl;
import dev.parley.server.domain.directory.DirectoryUsers;
import dev.parley.server.domain.file.Files;
import dev.parley.server.domain.identity.Accounts;
import dev.parley.server.domain.identity.Admission;
import dev.parley.server.domain.identity.Devices;
import dev.parley.server.domain.identity.Passwords;
import dev.parley.server.domain.identity.Tickets;
import dev.parley.server.domain.identity.TokenLifetimes;
import dev.parley.server.domain.identity.Tokens;
import dev.parley.server.domain.message.MessagePace;
import dev.parley.server.domain.message.Messages;
import dev.parley.server.domain.notify.Notifications;
import dev.parley.server.domain.org.Organizations;
import dev.parley.server.domain.presence.Presence;
import dev.parley.server.domain.room.Members;
import dev.parley.server.domain.room.Receipts;
import dev.parley.server.domain.room.Rooms;
import dev.parley.server.domain.room.TypingSignals;
import dev.parley.server.domain.search.Indexing;
import dev.parley.server.domain.search.Search;
import dev.parley.server.domain.task.Reminders;
import dev.parley.server.domain.task.Tasks;
import java.util.stream.Stream;

/// All use cases.
record Core(
    AccessControl accessControl,
    Admission admission,
    Accounts accounts,
    Tokens tokens,
    Devices devices,
    Tickets tickets,
    Organizations organizations,
    Rooms rooms,
    Members members,
    Files files,
    Search search,
    Indexing indexing,
    Messages messages,
    Notifications notifications,
    Tasks tasks,
    Reminders reminders,
    DirectoryUsers directory,
    Receipts receipts,
    Presence presence) {

  static Core of(Backends backends, Machine machine, Config config, Lifecycle lifecycle) {
    var auth = config.auth();
    var ids = machine.ids();
    var clock = machine.clock();
    var bus = backends.bus();
    var key = new OwnKey(auth.secret().key(machine.random()));
    var trusted =
        Stream.concat(
                auth.publicKeys().stream()
                    .map(TrustedKey::of)
                    .map(one -> auth.issuer().map(one::issuedBy).orElse(one))
                    .map(one -> auth.audience().map(one::meantFor).orElse(one)),
                Stream.of(TrustedKey.shared(key)))
            .toList();
    var passwords =
        new Passwords(
            new Argon2PasswordHasher(Argon2Cost.OWASP, ids),
            Runtime.getRuntime().availableProcessors(),
            machine.ticker(),
            machine.telemetry());
    lifecycle.started("the password workers", passwords);
    var tokens =
        new Tokens(
            backends.identities(),
            new JwtTokenIssuer(key, ids, clock),
            new TokenLifetimes(auth.accessTokenTtl(), auth.refreshTokenTtl()),
            backends.limiter(),
            bus,
            ids,
            clock);
    var accessControl = new AccessControl(backends.memberships());
    var words = new LuceneTextAnalyzer();
    var files =
        new Files(
            backends.files(),
            accessControl,
            new Files.FileLimits(config.limits().fileBytes(), config.limits().orgFileBytes()),
            ids,
            clock,
            machine.telemetry());
    return new Core(
        accessControl,
        new Admission(backends.identities(), new JwtTokenVerifier(key, trusted, clock), ids, clock),
        new Accounts(backends.identities(), passwords, tokens, backends.limiter(), bus, ids, clock),
        tokens,
        new Devices(backends.identities(), bus, clock),
        new Tickets(backends.tickets(), ids, clock),
        new Organizations(backends.orgs(), bus, ids, clock),
        new Rooms(
            backends.rooms(),
            backends.roomLog(),
            backends.memberships(),
            accessControl,
            bus,
            ids,
            clock),
        new Members(
            backends.rooms(),
            backends.memberships(),
            new TypingSignals(bus, machine.ticker(), machine::later),
            backends.limiter(),
            bus,
            ids,
            clock),
        files,
        new Search(backends.search(), words, machine.ticker(), machine.telemetry()),
        new Indexing(backends.search(), words, machine.ticker(), machine.telemetry()),
        new Messages(
            backends.roomLog(),
            backends.messages(),
            accessControl,
            files,
            new MessagePace(backends.limiter(), machine::pause),
            bus),
        new Notifications(backends.notifications()),
        new Tasks(backends.tasks(), ids, clock),
        new Reminders(bus, clock, machine.telemetry()),
        new DirectoryUsers(backends.directory(), ids, clock),
        new Receipts(backends.receipts(), bus, machine::pause),
        presence(backends, machine, lifecycle));
  }

  private static Presence presence(Backends backends, Machine machine, Lifecycle lifecycle) {
    var presence =
        new Presence(
            backends.presence(),
            backends.lastSeen(),
            backends.orgs(),
            backends.rooms(),
            backends.bus(),
            new Presence.Surroundings(
                machine.ids().uuid().toString(),
                machine.clock(),
                machine.ticker(),
                machine::later,
                machine.telemetry()));
    presence.start();
    lifecycle.started("presence", presence);
    return presence;
  }
}
