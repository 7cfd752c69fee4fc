package dev.parley.server.domain.identity;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/// Keeps accounts, their devices and the hashes of their refresh tokens. One method is one
/// transaction.
public interface IdentityStore {
  /// Keeps a new account; the keys of names and addresses are unique.
  Created create(Account account, String usernameKey, Optional<String> passwordHash);

  /// An account that may be used or not.
  Optional<Account> find(UserId user);

  /// The public side of at most [dev.parley.server.base.Limits#PAGE] accounts, in no order.
  List<Profile> profiles(Collection<UserId> users);

  /// An account by the key of its username.
  Optional<Account> findByUsername(String usernameKey);

  /// What is needed to judge a password, by the key of a username or an address.
  Optional<Credentials> credentials(String key, boolean email);

  /// What is needed to judge a password.
  Optional<Credentials> credentials(UserId user);

  /// Replaces a hash by another one of the same password, unless it has been replaced meanwhile.
  void rehash(UserId user, String before, String after);

  /// Replaces the password that `proven` was read with and signs out all devices but one; false if
  /// another password was set meanwhile.
  boolean changePassword(Credentials proven, String hash, DeviceId keep, Instant now);

  /// Signs a device in, unless the password was changed or the account disabled since `proven` was
  /// read. Beyond [dev.parley.server.base.Limits#DEVICES] those unused for longest are signed out.
  ///
  /// @return the devices that were signed out, or empty if nothing was done
  Optional<List<DeviceId>> signIn(
      Credentials proven, Device device, RefreshToken refresh, Instant refreshExpiresAt);

  /// Uses up a refresh token and keeps its successor, all under the lock of its device.
  ///
  /// A token that was used before gets the same successor again within the grace, and another one
  /// later, as long as the successor was used by nobody; what it got before counts as spent then.
  Rotated rotate(Rotation rotation);

  /// What the database knows of an access token's owner; empty if there is no such account.
  Optional<Standing> standing(UserId user, DeviceId device);

  /// Keeps the account, if it is new, and the device of somebody whom another issuer vouches for. A
  /// device that was signed out before its `createdAt` is opened again.
  ///
  /// @return false if the username is taken by somebody else
  boolean admit(Account account, String usernameKey, Device device);

  /// The devices that are signed in, last seen first, at most
  /// [dev.parley.server.base.Limits#DEVICES].
  List<Device> devices(UserId user);

  /// Signs one device out; false if the account has no such device signed in.
  boolean signOut(UserId user, DeviceId device, Instant now);

  /// Signs all devices out.
  void signOutAll(UserId user, Instant now);

  /// How the wish for an account ended.
  enum Created {
    DONE,
    USERNAME_TAKEN,
    EMAIL_TAKEN
  }

  /// What is needed to judge a password.
  ///
  /// @param passwordHash empty for an account of another issuer
  /// @param passwordVersion grows whenever another password is set
  record Credentials(
      Profile profile, Optional<String> passwordHash, int passwordVersion, boolean disabled) {}

  /// The use of a refresh token.
  ///
  /// @param successor the token that follows at an attempt, counted from 0
  /// @param grace how long after its use the token answers the same once more
  /// @param attempts how many successors one token may have, one after the other
  record Rotation(
      RefreshToken token,
      IntFunction<RefreshToken> successor,
      int attempts,
      Instant now,
      Instant successorExpiresAt,
      Duration grace) {}

  /// How the use of a refresh token ended.
  sealed interface Rotated {
    /// The successor is kept and counts from now on.
    record Renewed(Profile profile, DeviceId device, RefreshToken successor) implements Rotated {}

    /// The token is spent: somebody else has it or its successor. Its device is signed out.
    record Reused(UserId user, DeviceId device) implements Rotated {}

    /// No such token, or one of a device that is signed out, or an expired one. Nothing was done.
    record Unknown() implements Rotated {}
  }

  /// What is known of an access token's owner.
  record Standing(String username, boolean disabled, DeviceState device) {}

  /// What is known of a device.
  sealed interface DeviceState {
    /// Signed in.
    record SignedIn() implements DeviceState {}

    /// Signed out at some moment.
    record SignedOut(Instant at) implements DeviceState {}

    /// Not a device of this account.
    record Unknown() implements DeviceState {}
  }
}
