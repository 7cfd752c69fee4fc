package dev.parley.server.adapter.postgres;

import com.google.errorprone.annotations.CompileTimeConstant;
import dev.parley.server.base.DeviceId;
import dev.parley.server.base.Limits;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.identity.Account;
import dev.parley.server.domain.identity.Device;
import dev.parley.server.domain.identity.Email;
import dev.parley.server.domain.identity.IdentityStore;
import dev.parley.server.domain.identity.Profile;
import dev.parley.server.domain.identity.RefreshToken;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Keeps accounts in PostgreSQL. Rows are locked in the order account, device, refresh token.
public final class PostgresIdentityStore implements IdentityStore {
  /// How long a device that was signed out is remembered: longer than any access token lives.
  private static final Duration SIGNED_OUT_KEPT = Duration.ofDays(30);

  /// How long the reuse of a refresh token is recognised; later it is simply unknown.
  private static final Duration USED_KEPT = Duration.ofDays(7);

  private static final String PROFILE = "a.user_id, a.username, a.display_name, a.created_at";
  private static final String CREDENTIALS =
      PROFILE + ", a.password_hash, a.password_version, a.disabled_at is not null as disabled";

  private final Database database;

  public PostgresIdentityStore(Database database) {
    this.database = database;
  }

  @Override
  public Created create(Account account, String usernameKey, Optional<String> passwordHash) {
    return database.global(
        tx -> {
          if (insert(tx, account, usernameKey, passwordHash) == 1) {
            return Created.DONE;
          }
          return nameTaken(tx, usernameKey) ? Created.USERNAME_TAKEN : Created.EMAIL_TAKEN;
        });
  }

  @Override
  public Optional<Account> find(UserId user) {
    return account("a.user_id = ?", user.value());
  }

  @Override
  public List<Profile> profiles(Collection<UserId> users) {
    return database.global(
        tx ->
            tx.query(
                "select " + PROFILE + " from parley.account a where a.user_id = any (?)",
                PostgresIdentityStore::profile,
                (Object) users.stream().map(UserId::value).toArray(String[]::new)));
  }

  @Override
  public Optional<Account> findByUsername(String usernameKey) {
    return account("a.username_key = ?", usernameKey);
  }

  @Override
  public Optional<Credentials> credentials(String key, boolean email) {
    return credentials(email ? "a.email_key = ?" : "a.username_key = ?", key);
  }

  @Override
  public Optional<Credentials> credentials(UserId user) {
    return credentials("a.user_id = ?", user.value());
  }

  @Override
  public void rehash(UserId user, String before, String after) {
    database.global(
        tx ->
            tx.update(
                """
                update parley.account set password_hash = ?
                 where user_id = ? and password_hash = ?
                """,
                after,
                user,
                before));
  }

  @Override
  public boolean changePassword(Credentials proven, String hash, DeviceId keep, Instant now) {
    return database.global(
        tx -> {
          int rows =
              tx.update(
                  """
                  update parley.account
                     set password_hash = ?, password_version = password_version + 1
                   where user_id = ? and password_version = ? and disabled_at is null
                  """,
                  hash,
                  proven.profile().id(),
                  proven.passwordVersion());
          if (rows == 1) {
            signOutAll(tx, proven.profile().id(), Optional.of(keep), now);
          }
          return rows == 1;
        });
  }

  @Override
  public Optional<List<DeviceId>> signIn(
      Credentials proven, Device device, RefreshToken refresh, Instant refreshExpiresAt) {
    return database.global(
        tx -> {
          if (!stillHolds(tx, proven)) {
            return Optional.empty();
          }
          var user = proven.profile().id();
          forgetOldDevices(tx, user, device.createdAt());
          var surplus = devicesBeyondCap(tx, user);
          surplus.forEach(old -> signOut(tx, user, old, device.createdAt()));
          insert(tx, user, device);
          insert(tx, device.id(), refresh, device.createdAt(), refreshExpiresAt);
          return Optional.of(surplus);
        });
  }

  @Override
  public Rotated rotate(Rotation rotation) {
    return database.global(
        tx ->
            tx.queryOne(
                    """
                    select device_id from parley.refresh_token where hash = ? and expires_at > ?
                    """,
                    row -> new DeviceId(row.uuid("device_id")),
                    rotation.token().hash(),
                    rotation.now())
                .flatMap(device -> lockOwner(tx, device))
                .map(owner -> rotate(tx, owner, rotation))
                .orElseGet(Rotated.Unknown::new));
  }

  @Override
  public Optional<Standing> standing(UserId user, DeviceId device) {
    return database.global(
        tx ->
            tx.queryOne(
                """
                select a.username, a.disabled_at is not null as disabled,
                       d.device_id is not null as known, d.revoked_at
                  from parley.account a
                  left join parley.device d on d.device_id = ? and d.user_id = a.user_id
                 where a.user_id = ?
                """,
                row -> new Standing(row.text("username"), row.flag("disabled"), state(row)),
                device,
                user));
  }

  @Override
  public boolean admit(Account account, String usernameKey, Device device) {
    return database.global(
        tx -> {
          insert(tx, account, usernameKey, Optional.empty());
          var user = account.profile().id();
          boolean exists =
              tx.queryOne(
                      "select user_id from parley.account where user_id = ?",
                      row -> row.text("user_id"),
                      user)
                  .isPresent();
          if (exists) {
            insert(tx, user, device);
          }
          return exists;
        });
  }

  @Override
  public List<Device> devices(UserId user) {
    return database.global(
        tx ->
            tx.query(
                """
                select device_id, name, created_at, last_seen_at from parley.device
                 where user_id = ? and revoked_at is null
                 order by last_seen_at desc, device_id desc limit ?
                """,
                PostgresIdentityStore::device,
                user,
                Limits.DEVICES));
  }

  @Override
  public boolean signOut(UserId user, DeviceId device, Instant now) {
    return database.global(tx -> signOut(tx, user, device, now));
  }

  @Override
  public void signOutAll(UserId user, Instant now) {
    database.global(tx -> signOutAll(tx, user, Optional.empty(), now));
  }

  private Optional<Account> account(@CompileTimeConstant final String condition, String key) {
    return database.global(
        tx ->
            tx.queryOne(
                "select " + PROFILE + ", a.email from parley.account a where " + condition,
                row -> new Account(profile(row), row.optionalText("email").map(Email::new)),
                key));
  }

  private Optional<Credentials> credentials(
      @CompileTimeConstant final String condition, String key) {
    return database.global(
        tx ->
            tx.queryOne(
                "select " + CREDENTIALS + " from parley.account a where " + condition,
                PostgresIdentityStore::credentials,
                key));
  }

  private static int insert(
      GlobalTx tx, Account account, String usernameKey, Optional<String> passwordHash) {
    var profile = account.profile();
    return tx.update(
        """
        insert into parley.account
          (user_id, username, username_key, email, email_key, password_hash, display_name, created_at)
        values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing
        """,
        profile.id(),
        profile.username(),
        usernameKey,
        account.email().map(Email::value),
        account.email().map(Email::key),
        passwordHash,
        profile.displayName(),
        profile.createdAt());
  }

  private static boolean nameTaken(GlobalTx tx, String usernameKey) {
    return tx.queryOne(
            "select user_id from parley.account where username_key = ?",
            row -> row.text("user_id"),
            usernameKey)
        .isPresent();
  }

  /// Locks the account, so that a change of password and the cap of devices are judged one sign-in
  /// at a time.
  private static boolean stillHolds(GlobalTx tx, Credentials proven) {
    return tx.queryOne(
            """
            select user_id from parley.account
             where user_id = ? and password_version = ? and disabled_at is null for no key update
            """,
            row -> row.text("user_id"),
            proven.profile().id(),
            proven.passwordVersion())
        .isPresent();
  }

  private static void forgetOldDevices(GlobalTx tx, UserId user, Instant now) {
    tx.update(
        "delete from parley.device where user_id = ? and revoked_at < ?",
        user,
        now.minus(SIGNED_OUT_KEPT));
  }

  private static List<DeviceId> devicesBeyondCap(GlobalTx tx, UserId user) {
    return tx.query(
        """
        select device_id from parley.device where user_id = ? and revoked_at is null
         order by last_seen_at desc, device_id desc offset ?
        """,
        row -> new DeviceId(row.uuid("device_id")),
        user,
        Limits.DEVICES - 1);
  }

  /// A device that is known already is opened again, if it was signed out before.
  private static void insert(GlobalTx tx, UserId user, Device device) {
    tx.update(
        """
        insert into parley.device (device_id, user_id, name, created_at, last_seen_at)
        values (?, ?, ?, ?, ?)
        on conflict (device_id) do update
           set revoked_at = null, last_seen_at = excluded.last_seen_at
         where device.revoked_at < excluded.created_at
        """,
        device.id(),
        user,
        device.name(),
        device.createdAt(),
        device.lastSeenAt());
  }

  private static void insert(
      GlobalTx tx, DeviceId device, RefreshToken token, Instant now, Instant expiresAt) {
    tx.update(
        """
        insert into parley.refresh_token (hash, device_id, issued_at, expires_at)
        values (?, ?, ?, ?)
        """,
        token.hash(),
        device,
        now,
        expiresAt);
  }

  /// Locks the device, if it is signed in and its account may be used.
  private static Optional<Owner> lockOwner(GlobalTx tx, DeviceId device) {
    return tx.queryOne(
        """
        select a.user_id, a.username, a.display_name, a.created_at
          from parley.device d join parley.account a on a.user_id = d.user_id
         where d.device_id = ? and d.revoked_at is null and a.disabled_at is null
           for no key update of d
        """,
        row -> new Owner(profile(row), device),
        device);
  }

  private static Rotated rotate(GlobalTx tx, Owner owner, Rotation rotation) {
    var found = use(tx, rotation.token());
    if (found.isEmpty()) {
      return new Rotated.Unknown();
    }
    var use = found.get();
    if (use.usedAt().isEmpty()) {
      return renewed(owner, keepSuccessor(tx, owner.device(), rotation, 0));
    }
    var successor = rotation.successor().apply(use.attempt());
    boolean lost =
        !use.replaced() && use(tx, successor).filter(next -> next.usedAt().isEmpty()).isPresent();
    if (lost && !rotation.now().isAfter(use.usedAt().get().plus(rotation.grace()))) {
      return renewed(owner, successor);
    }
    if (lost && use.attempt() + 1 < rotation.attempts()) {
      replace(tx, successor, rotation.now());
      return renewed(owner, keepSuccessor(tx, owner.device(), rotation, use.attempt() + 1));
    }
    signOut(tx, owner.profile().id(), owner.device(), rotation.now());
    return new Rotated.Reused(owner.profile().id(), owner.device());
  }

  private static Rotated renewed(Owner owner, RefreshToken successor) {
    return new Rotated.Renewed(owner.profile(), owner.device(), successor);
  }

  private static Optional<Use> use(GlobalTx tx, RefreshToken token) {
    return tx.queryOne(
        "select used_at, attempt, replaced from parley.refresh_token where hash = ?",
        row ->
            new Use(row.optionalInstant("used_at"), row.integer("attempt"), row.flag("replaced")),
        token.hash());
  }

  private static void replace(GlobalTx tx, RefreshToken token, Instant now) {
    tx.update(
        "update parley.refresh_token set used_at = ?, replaced = true where hash = ?",
        now,
        token.hash());
  }

  private static RefreshToken keepSuccessor(
      GlobalTx tx, DeviceId device, Rotation rotation, int attempt) {
    var now = rotation.now();
    tx.update(
        "update parley.refresh_token set used_at = ?, attempt = ? where hash = ?",
        now,
        attempt,
        rotation.token().hash());
    tx.update(
        """
        delete from parley.refresh_token
         where device_id = ? and (used_at < ? or expires_at < ?)
        """,
        device,
        now.minus(USED_KEPT),
        now);
    var successor = rotation.successor().apply(attempt);
    insert(tx, device, successor, now, rotation.successorExpiresAt());
    tx.update("update parley.device set last_seen_at = ? where device_id = ?", now, device);
    return successor;
  }

  private static boolean signOut(GlobalTx tx, UserId user, DeviceId device, Instant now) {
    int rows =
        tx.update(
            """
            update parley.device set revoked_at = ?
             where device_id = ? and user_id = ? and revoked_at is null
            """,
            now,
            device,
            user);
    if (rows == 1) {
      tx.update("delete from parley.refresh_token where device_id = ?", device);
    }
    return rows == 1;
  }

  private static int signOutAll(GlobalTx tx, UserId user, Optional<DeviceId> keep, Instant now) {
    var devices =
        tx.query(
            """
            update parley.device set revoked_at = ?
             where user_id = ? and revoked_at is null and device_id is distinct from ?
            returning device_id
            """,
            row -> row.uuid("device_id"),
            now,
            user,
            keep);
    return tx.update(
        "delete from parley.refresh_token where device_id = any (?)",
        (Object) devices.toArray(UUID[]::new));
  }

  private static DeviceState state(Row row) throws SQLException {
    if (!row.flag("known")) {
      return new DeviceState.Unknown();
    }
    var revokedAt = row.optionalInstant("revoked_at");
    return revokedAt.isPresent()
        ? new DeviceState.SignedOut(revokedAt.get())
        : new DeviceState.SignedIn();
  }

  private static Profile profile(Row row) throws SQLException {
    return new Profile(
        new UserId(row.text("user_id")),
        row.text("username"),
        row.text("display_name"),
        row.instant("created_at"));
  }

  private static Credentials credentials(Row row) throws SQLException {
    return new Credentials(
        profile(row),
        row.optionalText("password_hash"),
        row.integer("password_version"),
        row.flag("disabled"));
  }

  private static Device device(Row row) throws SQLException {
    return new Device(
        new DeviceId(row.uuid("device_id")),
        row.text("name"),
        row.instant("created_at"),
        row.instant("last_seen_at"));
  }

  /// Whose device it is.
  private record Owner(Profile profile, DeviceId device) {}

  /// When a refresh token was used, if ever.
  private record Use(Optional<Instant> usedAt, int attempt, boolean replaced) {}
}
